/**
 * The papers of the item in hand, in one row: where it goes on beyond the edge, the edge fades and carries a chevron that turns on.
 * Keys and screen readers go from leaf to leaf and need neither. Without this module the row scrolls all the same.
 */
const ROWS = "[data-leaves]";
const row = (leaves) => leaves.querySelector("ul");

function hint(leaves) {
  const list = row(leaves);
  if (!list) return; // in the middle of an exchange
  const { scrollLeft, scrollWidth, clientWidth } = list;
  leaves.querySelector("[data-turn='-1']").hidden = scrollLeft < 8;
  leaves.querySelector("[data-turn='1']").hidden = scrollWidth - clientWidth - scrollLeft < 8;
}

let shown = "";
/** Brings the leaf that is open into sight, once. */
function find(leaves) {
  const open = leaves.querySelector("[aria-current]");
  if (!open || open.href === shown) return;
  shown = open.href;
  const list = row(leaves);
  const leaf = open.getBoundingClientRect();
  const frame = list.getBoundingClientRect();
  list.scrollLeft += leaf.left - frame.left - (frame.width - leaf.width) / 2;
}

const sizes = new ResizeObserver((entries) => {
  for (const { target } of entries) if (target.isConnected) hint(target);
});

function keep() {
  for (const leaves of document.querySelectorAll(ROWS)) {
    sizes.observe(leaves);
    find(leaves);
    hint(leaves);
  }
}

document.addEventListener("scroll", ({ target }) => {
  const leaves = target instanceof Element && target.matches(`${ROWS} > ul`) && target.parentElement;
  if (leaves) hint(leaves);
}, true);
document.addEventListener("click", (event) => {
  const turn = event.target.closest(`${ROWS} [data-turn]`);
  if (!turn) return;
  const list = row(turn.parentElement);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  list.scrollBy({ left: turn.dataset.turn * list.clientWidth * 0.7, behavior: still ? "auto" : "smooth" });
});
document.addEventListener("htmx:after:swap", keep);
keep();
