/**
 * Arranging the list of speakers by dragging. The arrows of each row do the same by keyboard and without scripts. A drop posts the
 * new place; the answer is the whole list again. If it fails, the server's order comes back.
 */
import Sortable from "../vendor/sortable.esm.js";
import { refreshAround } from "./live.js";
import { toast } from "./page.js";

const still = matchMedia("(prefers-reduced-motion: reduce)");

function prepare() {
  for (const list of document.querySelectorAll("[data-speakers]")) {
    if (Sortable.get(list)) continue;
    Sortable.create(list, {
      handle: "[data-handle]", direction: "vertical", animation: still.matches ? 0 : 120, delayOnTouchOnly: true, delay: 80,
      onChoose: ({ item }) => copyWithoutStyle(item),
      onEnd: (event) => event.oldIndex !== event.newIndex && move(event),
    });
  }
}

// Sortable copies the dragged row together with its style attribute, which the Content-Security-Policy reports and refuses.
function copyWithoutStyle(item) {
  item.cloneNode = (deep) => {
    const style = item.style.cssText;
    for (const element of [item, ...item.querySelectorAll("[style]")]) element.removeAttribute("style");
    const copy = Node.prototype.cloneNode.call(item, deep);
    item.style.cssText = style;
    copy.style.cssText = style;
    return copy;
  };
}

async function move({ item, newIndex }) {
  const region = item.closest("[data-live]");
  try {
    const answer = await fetch(item.dataset.move, {
      method: "POST",
      body: new URLSearchParams({ place: newIndex + 1, back: "floor", _csrf_token: region.dataset.token }),
      headers: { Accept: "text/html", "HX-Request": "true", "x-csrftoken": region.dataset.token },
      signal: AbortSignal.timeout(8000),
    });
    if (!answer.ok) throw new Error(`moved: ${answer.status}`);
    for (const element of region.querySelectorAll("[style]")) element.removeAttribute("style");
    await htmx.swap({ text: await answer.text(), target: region, sourceElement: region, swap: "outerMorph", request: {} });
  } catch {
    toast(region.dataset.textFailed, "bad");
    refreshAround(item);
  }
}

// A form that was taken is empty for the next one; its reset also lets it be redrawn (see page.js).
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx?.response?.status < 400) event.target.closest?.("form[data-keep]")?.reset();
});
document.addEventListener("htmx:after:swap", prepare);
prepare();
