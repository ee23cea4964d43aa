/**
 * Keeps the notes of the desk while they are written: a moment after the last key, and once more before the page is left. What another
 * secretary wrote in the same note comes back with the answer and is put below; nothing is lost on either side.
 */
const PAUSE = 1200;
const AGAIN = 5000;
let timer = 0;
let busy = false;

const formOf = (element) => element?.closest?.("[data-notes]");
function say(form, word, time = "") {
  const place = form.querySelector("[data-notes-state]");
  place.textContent = place.dataset[`text${word}`].replace("{time}", time);
}

function later(form, pause) {
  clearTimeout(timer);
  timer = setTimeout(keep, pause, form);
}

async function keep(form) {
  clearTimeout(timer);
  if (!form.isConnected || !form.hasAttribute("data-dirty")) return;
  if (busy) return later(form, PAUSE);
  busy = true;
  const { text, base, revision } = form.elements;
  const sent = text.value;
  try {
    const headers = { Accept: "application/json" };
    const answer = await fetch(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)), headers, keepalive: sent.length < 30_000 });
    const kept = await answer.json();
    if (answer.ok) take(form, kept, sent);
    else form.querySelector("[data-notes-state]").textContent = kept.reason ?? "";
  } catch {
    say(form, "Waiting");
    later(form, AGAIN);
  }
  busy = false;
}

/** Written on meanwhile, the text stays as it is, and the next keeping puts both together. */
function take(form, kept, sent) {
  const { text, base, revision } = form.elements;
  const joined = kept.text !== sent;
  if (text.value !== sent) {
    base.value = sent;
    if (!joined) revision.value = kept.revision;
    return later(form, PAUSE);
  }
  if (joined) {
    const at = text.selectionStart;
    text.value = kept.text;
    text.setSelectionRange(at, at);
  }
  base.value = kept.text;
  revision.value = kept.revision;
  form.removeAttribute("data-dirty");
  say(form, joined ? "Joined" : "Saved", kept.time);
}

document.addEventListener("input", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  say(form, "Writing");
  later(form, PAUSE);
});
document.addEventListener("submit", (event) => {
  const form = formOf(event.target);
  if (!form) return;
  event.preventDefault();
  form.setAttribute("data-dirty", "");
  keep(form);
}, true);
document.addEventListener("keydown", (event) => {
  const form = formOf(event.target);
  if (!form || event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  keep(form);
});
document.addEventListener("focusout", (event) => formOf(event.target) && keep(formOf(event.target)));
addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("[data-notes][data-dirty]")) keep(form);
});
