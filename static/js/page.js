/**
 * The small comforts of every page. Each works on elements that carry a data attribute, by listening on the document, so that
 * what htmx brings in later needs no set-up. Without this module every page still works.
 */

import "./clocks.js";

const root = document.documentElement;
const language = root.lang || "en";

/** A short message at the foot of the page; kind: "good", "info", "warn", "bad". Bad ones stay until dismissed. */
export function toast(text, kind = "info") {
  const region = document.getElementById("toasts");
  if (!region || !text) return;
  const message = document.createElement("div");
  message.className = `toast toast--${kind}`;
  const line = document.createElement("p");
  line.textContent = text;
  const dismiss = document.createElement("button");
  dismiss.type = "button";
  dismiss.textContent = region.dataset.textDismiss;
  dismiss.addEventListener("click", () => message.remove());
  message.append(line, dismiss);
  region.replaceChildren(message);
  // In the top layer, and put there anew: a refusal must not hide behind the dialog that it answers.
  region.popover = "manual";
  if (region.matches(":popover-open")) region.hidePopover();
  region.showPopover();
  if (kind === "good" || kind === "info") {
    const leave = () => (message.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : message.remove());
    setTimeout(leave, 7000);
  }
}

// A row of tabs that is wider than the phone starts where one is.
for (const tab of document.querySelectorAll(".tabs [aria-current], .places__row [aria-current]")) {
  const row = tab.closest("ul");
  const [whole, one] = [row.getBoundingClientRect(), tab.getBoundingClientRect()];
  row.scrollLeft += one.left - whole.left - (whole.width - one.width) / 2;
}

// HX-Trigger: {"toast": {"kind": …, "text": …}}; other modules dispatch the same event.
document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
// What a page asks by itself fails silently: the strip says "not live", and it asks again.
const pressed = (ctx) => ctx && !ctx.sourceElement?.matches("[hx-trigger*=every]");
document.addEventListener("htmx:error", (event) => {
  if (pressed(event.detail.ctx)) toast(document.getElementById("toasts")?.dataset.textUnreachable, "bad");
});
document.addEventListener("htmx:response:error", (event) => {
  if (event.detail.ctx?.response?.status >= 500 && pressed(event.detail.ctx)) toast(document.getElementById("toasts")?.dataset.textFailed, "bad");
});

// Brightness
function showTheme() {
  const chosen = root.dataset.theme ?? "";
  for (const row of document.querySelectorAll("[data-themes]")) row.hidden = false;
  for (const choice of document.querySelectorAll("[data-theme-choice]")) {
    choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === chosen));
  }
}
document.addEventListener("click", (event) => {
  const choice = event.target.closest("[data-theme-choice]");
  if (!choice) return;
  const theme = choice.dataset.themeChoice;
  if (theme) root.dataset.theme = theme;
  else delete root.dataset.theme;
  try {
    if (theme) localStorage.setItem("theme", theme);
    else localStorage.removeItem("theme");
  } catch { /* kept for this page only */ }
  showTheme();
});

// Dialogs: modal instead of a popover
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-dialog]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.dialog)?.showModal();
    return;
  }
  const dialog = event.target.closest("dialog:modal");
  if (dialog && (event.target === dialog || event.target.closest("[data-close]"))) {
    event.preventDefault();
    dialog.close();
  }
});
document.addEventListener("htmx:after:request", (event) => {
  const asked = event.target.matches?.("[hx-get]"); // a preview or a search inside the dialog is no act
  if (!asked && event.detail.ctx?.response?.status < 400) event.target.closest?.("dialog:modal")?.close();
});

// A form is sent once; the button comes back when the page does
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-form]")) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  form.setAttribute("aria-busy", "true");
  setTimeout(free, 10_000, form);
});
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(free));
function free(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

// A half-filled form is not redrawn by other people's events (live.js morphs around what is dirty)
document.addEventListener("input", (event) => event.target.closest("[data-keep]")?.setAttribute("data-dirty", ""));
document.addEventListener("reset", (event) => event.target.closest("[data-keep]")?.removeAttribute("data-dirty"));

// Files to drop
document.addEventListener("change", (event) => {
  const list = event.target.closest("[data-drop]")?.querySelector("[data-drop-list]");
  if (!list) return;
  const size = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  list.replaceChildren(...[...event.target.files].map((file) => {
    const line = document.createElement("li");
    line.textContent = `${file.name} · ${size.format(file.size / 1e6)} MB`;
    return line;
  }));
});
for (const [name, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
  document.addEventListener(name, (event) => event.target.closest?.("[data-drop]")?.classList.toggle("is-over", over));
}

// Finding a name while one types, with or without its marks
const fold = (text) => text.toLowerCase().normalize("NFD").replace(/\p{M}/gu, "").replaceAll("đ", "d");
document.addEventListener("input", (event) => {
  const frame = event.target.matches("[data-filter-input]") && event.target.closest("[data-filter]");
  if (frame) filter(frame, fold(event.target.value.trim()));
});
document.addEventListener("htmx:after:swap", () => {
  for (const frame of document.querySelectorAll("[data-filter]")) {
    const typed = frame.querySelector("[data-filter-input]")?.value.trim();
    if (typed) filter(frame, fold(typed));
  }
});
function filter(frame, wanted) {
  let found = 0;
  for (const entry of frame.querySelectorAll("[data-filter-list] > *")) {
    entry.hidden = !fold(entry.dataset.search ?? entry.textContent).includes(wanted);
    found += entry.hidden ? 0 : 1;
  }
  const none = frame.querySelector("[data-filter-none]");
  if (none) none.hidden = found > 0;
}

// What is unfolded stays so while others' events redraw the page around it
document.addEventListener("toggle", (event) => {
  if (event.target.matches?.("details[data-keep]")) event.target.toggleAttribute("data-dirty", event.target.open);
}, true);

showTheme();
document.querySelector("[data-focus]")?.focus();

// Whoever signs out takes no messages on this device any more: the next person must not read them.
const forgotten = async () => {
  const worker = await navigator.serviceWorker?.getRegistration("/");
  await (await worker?.pushManager?.getSubscription())?.unsubscribe();
};
document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (form.getAttribute("action") !== "/sign-out") return;
  event.preventDefault();
  await Promise.race([forgotten(), new Promise((enough) => setTimeout(enough, 2000))]).catch(() => {});
  form.submit();
});
