/**
 * Ballots with several marks: counts them as they are made, stops at the limit, numbers a ranking by touch, and says on the button
 * what will be sent. Without this file the same fields are a plain form. See parts/ballot_forms.html.
 */
const marksOf = (form) => form.querySelector("[data-marks]");

/** What this form would send: a code, a list, or an object of levels; null where nothing is chosen that could be. */
export function choiceOf(form) {
  const marks = marksOf(form);
  if (!marks) return form.querySelector("input[name=choice]:checked")?.value ?? null;
  const kind = marks.dataset.marks;
  if (kind === "confidence") {
    return Object.fromEntries([...marks.querySelectorAll("input:checked")].map((input) => [input.name.slice("level-".length), input.value]));
  }
  if (kind === "ranked") {
    const order = ranked(marks).map((select) => select.name.slice("rank-".length));
    return order.length ? order : null;
  }
  const chosen = [...marks.querySelectorAll("input[name=mark]:checked")].map((input) => input.value);
  return chosen.length || kind === "election" ? chosen : null;
}

/** The same in words, for the receipt. */
export function labelOf(form) {
  const marks = marksOf(form);
  if (!marks) return form.querySelector("input[name=choice]:checked")?.dataset.label ?? "";
  if (marks.dataset.marks === "ranked") return ranked(marks).map((select, place) => `${place + 1}. ${nameOf(select)}`).join(" · ");
  if (marks.dataset.marks === "confidence") return marks.querySelector("[data-count]").textContent;
  return [...marks.querySelectorAll("input[name=mark]:checked")].map((input) => input.dataset.label).join(" · ") || "–";
}

const nameOf = (select) => select.closest(".mark").querySelector(".mark__name").firstChild.textContent.trim();

function ranked(marks) {
  const given = [...marks.querySelectorAll(".mark__rank")].filter((select) => select.value);
  return given.sort((one, other) => one.value - other.value);
}

function number(marks, order) {
  for (const select of marks.querySelectorAll(".mark__rank")) select.value = order.includes(select) ? order.indexOf(select) + 1 : "";
}

/** Shows what is marked: the numbers, the rows beyond the limit shut, the words on the button. */
function show(marks) {
  const { marks: kind, limit } = marks.dataset;
  const boxes = [...marks.querySelectorAll("input[type=checkbox]")];
  const count = kind === "ranked" ? ranked(marks).length : marks.querySelectorAll("input:checked").length;
  if (Number(limit) > 1) for (const box of boxes) box.disabled = !box.checked && count >= Number(limit);
  for (const row of marks.querySelectorAll(".mark--rank")) {
    const place = row.querySelector("select").value;
    row.toggleAttribute("data-ranked", place !== "");
    row.querySelector("[data-rank]").textContent = place;
  }
  const counter = marks.querySelector("[data-count]");
  if (counter) counter.textContent = counter.dataset.words.replace("{n}", count);
  const send = marks.querySelector("[data-send]");
  const chosen = marks.querySelector("input[name=mark]:checked")?.dataset.label ?? "";
  send.textContent = count ? send.dataset.some.replace("{n}", count).replace("{k}", chosen) : send.dataset.none;
  send.disabled = !count && send.hasAttribute("data-needs-mark");
  send.toggleAttribute("data-empty", !count);
  delete send.dataset.armed;
}

document.addEventListener("input", ({ target }) => {
  const marks = target.closest?.("[data-marks]");
  if (!marks) return;
  if (target.type === "checkbox" && target.checked && Number(marks.dataset.limit) === 1) {
    for (const box of marks.querySelectorAll("input[type=checkbox]")) if (box !== target) box.checked = false;
  }
  if (target.matches(".mark__rank") && target.value) {
    const others = ranked(marks).filter((select) => select !== target);
    others.splice(Math.min(target.value - 1, others.length), 0, target);
    number(marks, others);
  } else if (target.matches(".mark__rank")) number(marks, ranked(marks));
  show(marks);
});

document.addEventListener("reset", ({ target }) => {
  const marks = marksOf(target);
  if (marks) setTimeout(() => show(marks)); // after the fields are empty
});

// A ballot without a mark cannot be taken back: it takes a second touch.
document.addEventListener("click", (event) => {
  const send = event.target.closest?.("[data-send][data-empty][data-sure]");
  if (!send || send.dataset.armed) return;
  event.preventDefault();
  send.dataset.armed = "yes";
  send.textContent = send.dataset.sure;
});

document.addEventListener("click", (event) => {
  const label = event.target.closest?.("[data-rank-next]");
  const marks = label?.closest("[data-marks]");
  if (marks) {
    event.preventDefault();
    const select = label.parentElement.querySelector("select");
    const order = ranked(marks);
    number(marks, order.includes(select) ? order.filter((one) => one !== select) : [...order, select]);
    select.dispatchEvent(new Event("input", { bubbles: true }));
    return;
  }
  const level = event.target.closest?.(".rating .level");
  const input = level && document.getElementById(level.htmlFor);
  if (input?.checked) { // a second touch takes the mark away
    event.preventDefault();
    input.checked = false;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
});

/** Ballots that have just come into the page. */
export function prepare() {
  for (const marks of document.querySelectorAll("[data-marks]")) show(marks);
}
