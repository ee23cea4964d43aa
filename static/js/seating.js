/**
 * Draws a seating plan from the rows of its table, and writes what is dragged, typed or chosen back into them: the table is the form,
 * so there is nothing to save here. Places are moved by pointer or by arrow keys (with Shift in small steps), Enter goes to the field
 * of who sits there, Delete removes. Everything snaps to a grid.
 */
const GRID = 12;
const SIZE = 40;
const SVG = "http://www.w3.org/2000/svg";
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

const form = document.querySelector("[data-seating]");
const find = (selector) => form.querySelector(selector);
const stage = find("[data-stage]");
const drawing = find("[data-drawing]");
const chosenBox = find("[data-chosen]");
const field = (row, name) => row.querySelector(`[name="${row.matches("[data-seat]") ? "seat" : "piece"}-${name}"]`);
const whole = (row, name) => Number(field(row, name).value) || 0;
const said = (text, facts) => (find("[data-said]").textContent = text.replace(/\{(\w+)\}/g, (_, name) => facts[name]));
const within = (value, least, most) => Math.max(least, Math.min(most, value));

const shapes = new Map(); // row → the shape one takes hold of
const wordsOf = new WeakMap(); // row → the words on it
const rowOf = new WeakMap(); // shape → row
let chosen = null;

function element(name, attributes = {}, text = "") {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text) made.textContent = text;
  return made;
}

const size = () => [Number(find("[name=width]").value) || 1, Number(find("[name=height]").value) || 1];
const isSeat = (row) => row.matches("[data-seat]");
const rows = () => form.querySelectorAll("[data-piece], [data-seat]");

function nameOf(row) {
  const label = field(row, "label").value;
  return isSeat(row)
    ? form.dataset.textPlace.replace("{label}", label || field(row, "id").value)
    : label || form.dataset[`text${field(row, "kind").value.replace(/^./, (first) => first.toUpperCase())}`];
}

function short(name) {
  const last = name.replace(/\s*\(.*/, "").split(/\s+/).at(-1);
  return last.length > 12 ? `${last.slice(0, 11)}…` : last;
}

/** Makes or renews the drawing of one row: the shape one takes hold of, and the words on it, which only eyes need. */
function draw(row) {
  const known = shapes.has(row);
  const shape = shapes.get(row) ?? element("g", { tabindex: "0", role: "button" });
  const words = wordsOf.get(row) ?? element("g", { "aria-hidden": "true" });
  const seat = isSeat(row);
  const who = seat ? field(row, "who").value.trim() : "";
  const look = seat ? `seat seat--${who ? "in" : "free"}` : `piece piece--${field(row, "kind").value}`;
  for (const part of [shape, words]) part.setAttribute("transform", `translate(${whole(row, "x")} ${whole(row, "y")})`);
  shape.setAttribute("class", look);
  words.setAttribute("class", `${look} seating__words`);
  shape.setAttribute("aria-label", seat ? `${nameOf(row)}, ${who || form.dataset.textFree}` : nameOf(row));
  shape.setAttribute("aria-pressed", String(row === chosen));
  const middle = { "text-anchor": "middle", "dominant-baseline": "central" };
  if (seat) {
    shape.replaceChildren(element("circle", { class: "seat__body", r: SIZE / 2 }));
    words.replaceChildren(element("text", { class: "seat__label", ...middle }, field(row, "label").value));
    if (who) words.append(element("text", { class: "seat__name", y: 33, "text-anchor": "middle" }, short(who)));
  } else {
    const [w, h] = [whole(row, "w"), whole(row, "h")];
    shape.replaceChildren(element("rect", { width: w, height: h, rx: field(row, "kind").value === "door" ? 0 : 6 }));
    words.replaceChildren(element("text", { x: w / 2, y: h / 2, ...middle }, nameOf(row)));
  }
  if (known) return;
  shapes.set(row, shape);
  wordsOf.set(row, words);
  rowOf.set(shape, row);
  drawing.append(shape, words);
}

function drawAll() {
  drawing.setAttribute("viewBox", `0 0 ${size().join(" ")}`);
  for (const [row, shape] of shapes) {
    if (row.isConnected) continue;
    shape.remove();
    wordsOf.get(row).remove();
    shapes.delete(row);
  }
  for (const row of rows()) draw(row);
  markOverlaps();
}

/** Two places on one spot would be refused: they show at once. */
function markOverlaps() {
  const seats = [...rows()].filter(isSeat).map((row) => [row, whole(row, "x"), whole(row, "y")]);
  const wrong = new Set();
  for (const [number, [row, x, y]] of seats.entries()) {
    for (const [other, left, top] of seats.slice(0, number)) {
      if (Math.hypot(x - left, y - top) < SIZE) wrong.add(row).add(other);
    }
  }
  for (const [row] of seats) shapes.get(row).classList.toggle("is-wrong", wrong.has(row));
}

function place(row, x, y) {
  const [width, height] = size();
  const [least, right, bottom] = isSeat(row)
    ? [SIZE / 2, width - SIZE / 2, height - SIZE / 2]
    : [0, width - whole(row, "w"), height - whole(row, "h")];
  field(row, "x").value = within(Math.round(x), least, right);
  field(row, "y").value = within(Math.round(y), least, bottom);
  draw(row);
  markOverlaps();
}

function choose(row) {
  const before = chosen;
  chosen = row;
  if (before?.isConnected) draw(before);
  chosenBox.hidden = !row;
  if (!row) return;
  draw(row);
  find("#chosen-title").textContent = nameOf(row);
  find("[data-chosen-label]").value = field(row, "label").value;
  find("[data-chosen-seat]").hidden = !isSeat(row);
  find("[data-chosen-piece]").hidden = isSeat(row);
  if (isSeat(row)) find("[data-chosen-who]").value = field(row, "who").value;
  else for (const side of ["w", "h"]) find(`[data-chosen-${side}]`).value = field(row, side).value;
}

function remove(row) {
  const all = [...shapes.keys()];
  const next = shapes.get(all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1]);
  said(form.dataset.textRemoved, { name: nameOf(row) });
  if (row === chosen) choose(null);
  row.remove();
  drawAll();
  next?.focus();
}

function add(kind) {
  const seat = kind === "seat";
  const row = find(seat ? "[data-new-seat]" : "[data-new-piece]").content.firstElementChild.cloneNode(true);
  find(seat ? "[data-seats]" : "[data-pieces]").append(row);
  const number = [...rows()].filter(isSeat).length;
  if (seat) {
    field(row, "id").value = crypto.randomUUID();
    field(row, "label").value = number;
  } else {
    field(row, "kind").value = kind;
    [field(row, "w").value, field(row, "h").value] = kind === "door" ? [96, 24] : [192, 60];
  }
  place(row, ...(seat ? freeSpot() : [GRID * 2, GRID * 2]));
  choose(row);
  shapes.get(row).focus();
}

function freeSpot() {
  const [width, height] = size();
  const taken = [...shapes.keys()].filter((row) => row.isConnected && isSeat(row)).map((row) => [whole(row, "x"), whole(row, "y")]);
  for (let y = height - 36; y >= 36; y -= GRID * 4) {
    for (let x = 36; x <= width - 36; x += GRID * 4) {
      if (taken.every(([left, top]) => Math.hypot(x - left, y - top) >= SIZE)) return [x, y];
    }
  }
  return [width / 2, height / 2];
}

// Pointer
const point = (event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(drawing.getScreenCTM().inverse());
let drag = null;
drawing.addEventListener("pointerdown", (event) => {
  const row = rowOf.get(event.target.closest("[role=button]"));
  if (!row || event.button) return;
  event.preventDefault();
  const start = point(event);
  drag = { row, dx: whole(row, "x") - start.x, dy: whole(row, "y") - start.y };
  choose(row);
  shapes.get(row).focus();
  drawing.setPointerCapture(event.pointerId);
});
drawing.addEventListener("pointermove", (event) => {
  if (!drag) return;
  const at = point(event);
  place(drag.row, Math.round((at.x + drag.dx) / GRID) * GRID, Math.round((at.y + drag.dy) / GRID) * GRID);
});
for (const end of ["pointerup", "pointercancel"]) drawing.addEventListener(end, () => (drag = null));

// Keyboard
drawing.addEventListener("focusin", (event) => {
  const row = rowOf.get(event.target.closest("[role=button]"));
  if (row && row !== chosen) choose(row);
});
drawing.addEventListener("keydown", (event) => {
  const row = rowOf.get(event.target);
  if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
  const arrow = ARROWS[event.key];
  if (arrow) {
    const step = event.shiftKey ? 1 : GRID;
    place(row, whole(row, "x") + arrow[0] * step, whole(row, "y") + arrow[1] * step);
    said(form.dataset.textMoved, { name: nameOf(row), x: whole(row, "x"), y: whole(row, "y") });
  } else if (event.key === "Enter" || event.key === " ") {
    choose(row);
    find(isSeat(row) ? "[data-chosen-who]" : "[data-chosen-label]").select();
  } else if (event.key === "Delete" || event.key === "Backspace") remove(row);
  else return;
  event.preventDefault();
});

// What is typed beside the drawing, and in the table
const typed = { "[data-chosen-label]": "label", "[data-chosen-who]": "who", "[data-chosen-w]": "w", "[data-chosen-h]": "h" };
for (const [selector, name] of Object.entries(typed)) {
  const input = find(selector);
  input.addEventListener("input", () => {
    field(chosen, name).value = input.value;
    draw(chosen);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" && event.key !== "Escape") return;
    event.preventDefault();
    shapes.get(chosen).focus();
  });
}
form.addEventListener("input", (event) => {
  if (event.target.matches("[name=width], [name=height]") || event.target.closest("[data-table]")) drawAll();
});
form.addEventListener("change", (event) => {
  if (event.target.matches("[name=remove], [name=remove-piece]")) remove(event.target.closest("tr"));
});
form.addEventListener("click", (event) => {
  const adding = event.target.closest("[data-add]");
  if (adding) {
    event.preventDefault();
    add(adding.dataset.add);
  } else if (event.target.closest("[data-remove]") && chosen) remove(chosen);
});

stage.hidden = false;
find("[data-table]").open = false;
drawAll();
