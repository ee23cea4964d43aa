/**
 * Everyone to page 7: the chair or the presenter pages the paper, and whoever follows is taken along.
 *
 * The place comes with the socket's answers (enter, follow, and every heartbeat as a remedy), always as a whole. Paging on one's own
 * leaves silently; one touch rejoins. Whether this browser follows is this browser's own affair. The side that shows the pages sends
 * them one after the other, so that the last one wins.
 */
import { events, refreshAround } from "./live.js";

const meeting = document.body.dataset.meeting;
const SETTLED = 3000; // a heartbeat may have been read before the packet that has just come; then it does not count
let place = null; // {paper, page, by}: what is shown to everyone
let told = -SETTLED;
let own = 1; // the page this browser is on
let left = remembered(localStorage, "left");
let leading = remembered(sessionStorage, "leading");

function remembered(storage, word) {
  try { return storage.getItem(`follow/${meeting}`) === word; } catch { return false; }
}
function remember(storage, word) {
  try {
    if (word) storage.setItem(`follow/${meeting}`, word);
    else storage.removeItem(`follow/${meeting}`);
  } catch { /* kept for this page only */ }
}

const bar = () => document.querySelector(`[data-follow="${CSS.escape(meeting)}"]`);
const viewer = () => document.querySelector("#stage [data-paper]");
const form = () => document.querySelector("[data-paging]");
const tab = (paper) => document.querySelector(`#stage .papers--tabs a[href$="paper=${CSS.escape(paper)}"]`);

function setLeft(value) {
  left = value;
  remember(localStorage, value ? "left" : "");
}
function setLeading(value) {
  leading = value;
  remember(sessionStorage, value ? "leading" : "");
}

function update(next) {
  const moved = next?.paper !== place?.paper || next?.page !== place?.page;
  if (!next) setLeft(false); // whoever is shown pages again is invited again
  if (leading && next?.by !== form()?.dataset.person && !sending) setLeading(false);
  place = next;
  if (moved && place && !left && !leading) go();
  paint();
}

/** Turns this browser to the place; another paper of the item is opened first and asked again when it is ready. */
function go() {
  const shown = bar()?.dataset.followPaper;
  if (shown === place.paper) return viewer()?.dispatchEvent(new CustomEvent("paper:go", { detail: place.page }));
  const stage = document.getElementById("stage");
  if (!stage || !tab(place.paper)) return;
  stage.dataset.address = `/meetings/${meeting}/room/stage?paper=${place.paper}`;
  refreshAround(stage);
}

function paint() {
  const frame = bar();
  if (frame) {
    const here = place && frame.dataset.followPaper === place.paper;
    frame.hidden = !place || leading || !(here || tab(place.paper));
    const words = here ? frame.dataset.textPage.replace("{page}", place.page) : frame.dataset.textOther;
    const line = frame.querySelector("[data-follow-where]");
    if (place && line.textContent !== words) line.textContent = words;
    frame.classList.toggle("is-left", left);
    frame.querySelector("[data-follow-on]").hidden = left;
    frame.querySelector("[data-follow-leave]").hidden = left;
    frame.querySelector("[data-follow-join]").hidden = !left;
  }
  const paging = form();
  if (!paging) return;
  paging.hidden = !viewer()?.classList.contains("is-shown");
  paging.querySelector("[data-paging-choice]").hidden = true;
  paging.querySelector("[data-paging-hint]").hidden = !leading;
  paging.querySelector("[data-paging-show]").hidden = leading;
  paging.querySelector("[data-paging-stop]").hidden = !place && !leading;
}

// Showing: one request at a time, then the page one has come to meanwhile
let sending = false;
let waiting = null;
async function send(fields) {
  waiting = fields;
  if (sending) return;
  sending = true;
  while (waiting) {
    const body = new URLSearchParams({ ...waiting, _csrf_token: form()?.elements._csrf_token.value ?? "" });
    waiting = null;
    try {
      await fetch(`/meetings/${meeting}/follow`, {
        method: "POST", body, headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(8000),
      });
    } catch { /* the next page, or the next touch, says it again */ }
  }
  sending = false;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-paging]") || !viewer()?.classList.contains("is-shown")) return;
  event.preventDefault();
  const stops = event.submitter?.hasAttribute("data-paging-stop");
  setLeading(!stops);
  send(stops ? { act: "stop" } : { paper: bar().dataset.followPaper, page: own });
  paint();
}, true);

document.addEventListener("paper:page", (event) => {
  own = event.detail.page;
  if (event.detail.ready) {
    if (place && !left && !leading) go();
    paint();
  } else if (leading && own !== place?.page) send({ paper: bar().dataset.followPaper, page: own });
  else if (event.detail.own && place && !left && own !== place.page) {
    setLeft(true);
    paint();
  }
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-follow-leave], #stage .papers--tabs a")) {
    if (place && !leading) setLeft(true);
  } else if (event.target.closest("[data-follow-join]")) {
    setLeft(false);
    go();
  } else return;
  paint();
});

events.addEventListener("follow", ({ detail }) => {
  if (detail.heartbeat && performance.now() - told < SETTLED) return;
  if (!detail.heartbeat) told = performance.now();
  update(detail.follow ?? null);
});
document.addEventListener("htmx:after:swap", paint);
paint();
