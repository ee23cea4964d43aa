/**
 * Puts the ballot that the server hands out at the opening of a vote onto the desk at once. The desk asks for its own afterwards, with
 * a pause that grows with the room, and the two are the same; a ballot that is being filled in is never touched.
 */
import { events } from "./live.js";

events.addEventListener("sheet", ({ detail }) => {
  const desk = document.querySelector("#desk[data-expects=ballot]");
  if (!desk || desk.querySelector(`[data-ballot="${CSS.escape(detail.poll)}"], [data-keep][data-dirty]`)) return;
  const made = new DOMParser().parseFromString(detail.html, "text/html").body;
  const ballot = made.querySelector("[data-ballot]");
  if (!ballot) return;
  ballot.dataset.voter = document.body.dataset.person;
  ballot.querySelector("form").elements._csrf_token.value = document.body.dataset.token;
  for (const old of desk.querySelectorAll(":scope > .sheet, :scope > .empty")) old.remove();
  desk.append(...made.childNodes);
  document.dispatchEvent(new Event("htmx:after:swap"));
});
