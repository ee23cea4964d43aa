/**
 * Keys of the secretary's desk. An element with data-key is pressed by that key, a field with it is entered; Escape leaves a field.
 * In the grid of names: "/" finds, arrows go from name to name, 1 to 5 mark the one that is chosen. No key fires while one types.
 */
const STATES = ["in", "remote", "out", "excused", "absent"];
const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog");
const people = () => [...document.querySelectorAll("[data-filter-list] > .person:not([hidden])")];

function choose(person) {
  for (const other of document.querySelectorAll(".person[data-chosen]")) other.removeAttribute("data-chosen");
  if (!person) return;
  person.setAttribute("data-chosen", "");
  person.tabIndex = -1;
  person.focus({ preventScroll: true });
  person.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = people();
  const here = all.findIndex((person) => person.contains(document.activeElement) || person.hasAttribute("data-chosen"));
  choose(all[Math.min(Math.max(here + by, 0), all.length - 1)]);
}

function inFilter(event) {
  if (!event.target.matches("[data-filter-input]")) return false;
  if (event.key === "Enter" || event.key === "ArrowDown") {
    event.preventDefault();
    choose(people()[0]);
    return true;
  }
  return false;
}

function press(wanted) {
  if (wanted.matches("input, textarea, select")) {
    wanted.focus();
    if ("selectionStart" in wanted) wanted.selectionStart = wanted.value.length;
  } else wanted.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || inFilter(event)) return;
  if (typing(event.target)) {
    if (event.key === "Escape" && event.target.matches("input, textarea") && !event.target.closest("dialog")) event.target.blur();
    return;
  }
  if (document.querySelector("dialog:modal")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[data-filter-input]")?.select();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    if (!document.querySelector(".person[data-chosen]")) return;
    event.preventDefault();
    step(event.key === "ArrowDown" ? 1 : -1);
  } else if (/^[1-5]$/.test(event.key)) {
    const chosen = document.querySelector(".person[data-chosen]");
    chosen?.querySelector(`.person__act--${STATES[event.key - 1]}`)?.click();
  } else {
    const wanted = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!wanted || wanted.disabled) return;
    event.preventDefault();
    press(wanted);
  }
});
