/**
 * The list at the door by keyboard: 1 to 5 mark the name one is at and go to the next; Enter in the search field goes to the first
 * name that fits. Without this module the list is an ordinary form.
 */
const list = document.getElementById("door-list");

const rows = () => [...list.querySelectorAll("[data-door]")].filter((row) => !row.hidden);
const marks = (row) => [...row.querySelectorAll("input[type=radio]")];

function enter(row) {
  if (!row) return;
  const of = marks(row);
  (of.find((mark) => mark.checked) ?? of[0]).focus();
  row.scrollIntoView({ block: "nearest" });
}

list?.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.matches("[data-filter-input]")) {
    if (event.key === "Enter") {
      event.preventDefault();
      enter(rows()[0]);
    }
    return;
  }
  const row = event.target.closest("[data-door]");
  const mark = row && marks(row)[Number(event.key) - 1];
  if (!mark) return;
  event.preventDefault();
  mark.checked = true;
  const all = rows();
  enter(all[all.indexOf(row) + 1] ?? row);
});
