/**
 * Shows PDFs in the page with pdf.js: pages are drawn when they come near, text can be selected and read aloud, links work.
 * The viewer fits the width until somebody zooms. If anything fails, the link under the frame opens the file. It tells the page it
 * is on ("paper:page") and turns to one it is told ("paper:go"): follow.js pages the paper for a whole room that way.
 */

async function show(viewer) {
  const { paper, pdf, worker, viewer: parts, folder } = viewer.dataset;
  const pdfjs = await import(pdf);
  globalThis.pdfjsLib = pdfjs; // the viewer parts look for the library there
  const { EventBus, PDFLinkService, PDFViewer } = await import(parts);
  pdfjs.GlobalWorkerOptions.workerSrc = worker;

  const bus = new EventBus();
  const links = new PDFLinkService({ eventBus: bus, externalLinkTarget: 2, externalLinkRel: "noopener noreferrer" });
  const container = viewer.querySelector("[data-scroll]");
  const view = new PDFViewer({
    container, eventBus: bus, linkService: links, l10n: silent, removePageBorders: true,
    annotationMode: pdfjs.AnnotationMode.ENABLE, imageResourcesPath: `${folder}images/`,
  });
  links.setViewer(view);
  viewer.querySelector("[data-bar]").hidden = false;
  viewer.classList.add("is-shown");
  connect(viewer, container, view, bus);

  // Wasm would need a wider script-src; the JavaScript decoders do the same work.
  const document_ = await pdfjs.getDocument({
    url: paper, useWasm: false, enableXfa: false, cMapUrl: `${folder}cmaps/`, cMapPacked: true,
    standardFontDataUrl: `${folder}standard_fonts/`, wasmUrl: `${folder}wasm/`, iccUrl: `${folder}iccs/`,
  }).promise;
  view.setDocument(document_);
  links.setDocument(document_, null);
}

/** The viewer parts bring English words for screen readers; the page says everything needed in its own language. */
const silent = {
  getLanguage: () => document.documentElement.lang, getDirection: () => "ltr", get: async () => "",
  translate: async () => {}, translateOnce: async () => {}, destroy: async () => {}, pause() {}, resume() {},
};

function connect(viewer, container, view, bus) {
  const input = viewer.querySelector("[data-number-input]");
  const acts = {
    previous: () => view.previousPage(),
    next: () => view.nextPage(),
    smaller: () => view.decreaseScale(),
    larger: () => view.increaseScale(),
    fit: () => { view.currentScaleValue = "page-width"; },
  };
  const name = (page, number) => {
    page.setAttribute("role", "group"); // not a landmark: a long paper would drown the others
    page.setAttribute("aria-label", viewer.dataset.textPage.replace("{number}", number));
  };
  // Whether somebody has turned the pages by hand since they were last turned for him or her
  let own = false;
  for (const touch of ["wheel", "touchmove", "keydown", "pointerdown"]) {
    viewer.addEventListener(touch, () => { own = true; }, { passive: true, capture: true });
  }
  const tell = (page, ready = false) => {
    viewer.dispatchEvent(new CustomEvent("paper:page", { bubbles: true, detail: { page, ready, own } }));
  };
  viewer.addEventListener("paper:go", ({ detail }) => {
    viewer.dataset.page = detail;
    if (!view.pagesCount) return;
    own = false;
    view.currentPageNumber = Math.min(detail, view.pagesCount);
  });
  bus.on("pagesinit", () => {
    view.currentScaleValue = "page-width";
    for (let index = 0; index < view.pagesCount; index += 1) name(view.getPageView(index).div, index + 1);
    viewer.querySelector("[data-count]").textContent = view.pagesCount;
    input.max = view.pagesCount;
    view.currentPageNumber = Math.min(Number(viewer.dataset.page) || 1, view.pagesCount);
    input.value = view.currentPageNumber;
    tell(view.currentPageNumber, true);
  });
  bus.on("pagechanging", ({ pageNumber }) => {
    input.value = pageNumber;
    tell(pageNumber);
  });
  input.addEventListener("change", () => {
    const page = Math.min(Math.max(1, Math.round(Number(input.value)) || 1), view.pagesCount);
    view.currentPageNumber = page;
    input.value = page;
  });
  viewer.addEventListener("click", (event) => acts[event.target.closest("[data-act]")?.dataset.act]?.());
  const keys = { PageUp: "previous", PageDown: "next", ArrowLeft: "previous", ArrowRight: "next", "+": "larger", "-": "smaller", 0: "fit" };
  container.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !keys[event.key]) return;
    event.preventDefault();
    acts[keys[event.key]]();
  });
  let width = container.clientWidth;
  new ResizeObserver(() => {
    if (!container.isConnected || container.clientWidth === width) return;
    width = container.clientWidth;
    if (Number.isNaN(Number(view.currentScaleValue))) view.currentScaleValue = view.currentScaleValue;
    view.update();
  }).observe(container);
}

function failed(viewer, error) {
  console.warn(error);
  viewer.classList.remove("is-shown");
  viewer.querySelector("[data-bar]").hidden = true;
  const line = document.createElement("p");
  line.className = "viewer__failed";
  line.textContent = viewer.dataset.textFailed;
  viewer.querySelector("[data-link]").prepend(line);
}

function start() {
  for (const viewer of document.querySelectorAll("[data-paper]:not([data-started])")) {
    viewer.dataset.started = "yes";
    show(viewer).catch((error) => failed(viewer, error));
  }
}
document.addEventListener("htmx:after:swap", start);
start();
