/**
 * Arranging the agenda by dragging, with finger, pen or mouse. The buttons of each row do the same by keyboard and without scripts.
 * A drop posts {"parent", "position"} to the item's address; the answer is the whole editor again. If it fails, the server's order
 * comes back.
 */
import Sortable from "../vendor/sortable.esm.js";

function prepare(editor) {
  for (const list of editor.querySelectorAll(".arrange__list")) {
    if (Sortable.get(list)) continue;
    Sortable.create(list, {
      group: editor.id, handle: "[data-handle]", animation: 120, swapThreshold: 0.65, delayOnTouchOnly: true, delay: 80,
      onChoose: ({ item }) => copyWithoutStyle(item),
      onStart: () => editor.classList.add("is-dragging"),
      onEnd: (event) => {
        editor.classList.remove("is-dragging");
        if (event.from !== event.to || event.oldIndex !== event.newIndex) move(editor, event);
      },
    });
  }
}

// Sortable copies the dragged row together with its style attribute, which the Content-Security-Policy reports and refuses; styles
// set through the object model are allowed.
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

async function move(editor, { item, to, newIndex }) {
  editor.classList.add("is-sending");
  try {
    const answer = await fetch(item.dataset.move, {
      method: "POST",
      body: new URLSearchParams({ parent: to.dataset.parent, position: newIndex, _csrf_token: editor.dataset.token }),
      headers: { Accept: "text/html", "HX-Request": "true", "HX-Target": `div#${editor.id}`, "x-csrftoken": editor.dataset.token },
      signal: AbortSignal.timeout(8000),
    });
    if (!answer.ok) throw new Error(`moved: ${answer.status}`);
    await replace(editor, await answer.text());
    say(editor.dataset.textMoved, "good");
  } catch {
    say(editor.dataset.textFailed, "bad");
    await restore(editor);
  }
  editor.classList.remove("is-sending");
}

// Not morphed but replaced: the dragged rows no longer stand where the page was made. htmx carries attributes of equal ids over to
// the new rows while it settles; a style attribute that Sortable left behind would be refused there and reported.
async function replace(editor, text) {
  for (const element of editor.querySelectorAll("[style]")) element.removeAttribute("style");
  await htmx.swap({ text, target: editor, sourceElement: editor, swap: "outerHTML", request: {} });
}

async function restore(editor) {
  if (!editor.dataset.address) return location.reload();
  try {
    const answer = await fetch(editor.dataset.address, { headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(8000) });
    if (answer.ok) await replace(editor, await answer.text());
  } catch { /* the toast has said it; the next load shows the true order */ }
}

const say = (text, kind) => document.dispatchEvent(new CustomEvent("toast", { detail: { text, kind } }));

function start() {
  for (const editor of document.querySelectorAll("[data-arrange]")) prepare(editor);
}
document.addEventListener("htmx:after:swap", start);
start();
