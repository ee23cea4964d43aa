/**
 * The chair's cockpit. A button that has just changed under the finger does not count a touch that was meant for the one before, and is pale meanwhile;
 * what was unfolded stays unfolded; a long rule is told in full; the item in hand stays in view; the forecast is asked for again every minute.
 */
import { events, refreshAround } from "./live.js";

const JUST = 600; // milliseconds
const MINUTE = 60_000;
// A ballot's button says what one has chosen oneself, so it is never new under the finger.
const BUTTONS = "#cockpit [type=submit]:not(.choice__send), #cockpit [data-dialog]";
const meanings = new WeakMap();
const changes = new WeakMap();
const address = (button) => button.getAttribute("formaction") ?? button.form?.getAttribute("action") ?? "";
const meaning = (button) => [address(button).split("?")[0], button.dataset.dialog, button.textContent.trim()].join(" ");
const isFresh = (button) => Date.now() - (changes.get(button) ?? 0) <= JUST;

function look(now) {
  for (const button of document.querySelectorAll(BUTTONS)) {
    const means = meaning(button);
    if (meanings.get(button) !== means) changes.set(button, now);
    meanings.set(button, means);
    if (isFresh(button)) {
      button.toggleAttribute("data-fresh", true);
      button.setAttribute("aria-disabled", "true");
    } else if (button.hasAttribute("data-fresh")) {
      button.removeAttribute("data-fresh");
      button.removeAttribute("aria-disabled");
    }
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest(BUTTONS);
  if (!button || !isFresh(button)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}, true);

const unfolded = new Set();
document.addEventListener("toggle", ({ target }) => {
  if (!(target instanceof HTMLDetailsElement) || !target.id) return;
  tellRules();
  if (target.open) unfolded.add(target.id);
  else unfolded.delete(target.id);
}, true);

function keep() {
  look(Date.now());
  setTimeout(() => look(Date.now()), JUST + 1);
  for (const id of unfolded) {
    const folded = document.getElementById(id);
    if (folded && !folded.open) folded.open = true;
  }
  tellRules();
  follow();
  rise();
}

// By law persons are elected and rated in secret: what the chair can take back is set first.
document.addEventListener("change", ({ target }) => {
  const secret = target.name === "kind" && target.closest(".kind-form")?.querySelector("[name=secret]");
  if (secret) secret.checked = ["election", "confidence"].includes(target.value);
}, true);

// A rule is a sentence: where the closed list cuts it, it stands below in full.
const pen = document.createElement("canvas").getContext("2d");
function tellRule(list) {
  const words = list.closest(".kind-form")?.querySelector("[data-rule-words]");
  if (!words) return;
  const { font, paddingInlineStart, paddingInlineEnd } = getComputedStyle(list);
  pen.font = font;
  words.textContent = list.selectedOptions[0]?.text.trim() ?? "";
  const room = list.clientWidth - parseFloat(paddingInlineStart) - parseFloat(paddingInlineEnd);
  words.hidden = pen.measureText(words.textContent).width <= room;
}
const tellRules = () => document.querySelectorAll(".kind-form [name=rule]").forEach(tellRule);
document.addEventListener("change", ({ target }) => {
  if (target.name === "rule") tellRule(target);
}, true);

// A new next act starts at its top, where it says what it is about.
let coming = document.querySelector("#cockpit .next-act")?.id;
function rise() {
  const next = document.querySelector("#cockpit .next-act")?.id;
  if (next === coming) return;
  coming = next;
  document.querySelector("#cockpit .cockpit__stage")?.scrollTo({ top: 0 });
}

let inHand = "";
function follow() {
  const column = document.getElementById("cockpit-agenda");
  const item = column?.querySelector("[aria-current]");
  if (!item || item.id === inHand || column.scrollHeight <= column.clientHeight) return;
  inHand = item.id;
  column.scrollTop += item.getBoundingClientRect().top - column.getBoundingClientRect().top - column.clientHeight / 4;
}

// The last ballot is in: closing no longer has to ask who is missing.
events.addEventListener("poll", ({ detail }) => {
  const board = document.getElementById("cockpit");
  if (board && detail.state === "open" && detail.not_cast === 0) refreshAround(board);
});

document.addEventListener("htmx:after:swap", keep);
setInterval(() => {
  const board = document.getElementById("cockpit");
  if (board && !document.hidden) refreshAround(board);
}, MINUTE);
look(0);
tellRules();
follow();
