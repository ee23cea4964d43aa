/**
 * Follows the running meeting named in <body data-meeting>.
 *
 * Socket.IO only hints; the pages hold the truth. The stage has a number. This page knows the number it shows and fetches its live
 * regions again when the server names another one: after a change, after a gap, after a reconnect, or when the heartbeat (every 2 s)
 * runs ahead. Five seconds without a heartbeat, and the strip says since when the page is not live; until the socket is back, the
 * regions are polled. Regions are [data-live] elements with an id and a data-address (see templates/parts/live.html).
 */
import { io } from "../vendor/socket.io.esm.min.js";
import { heard as heardAt, now } from "./clocks.js";

const SILENCE = 5000;
const meeting = document.body.dataset.meeting;
const language = document.documentElement.lang || "en";

/** "open" when the meeting's room is entered again, "poll" (detail: the packet) for the numbers of a poll, "follow" for pages,
    "sheet" for a ballot that is handed out. */
export const events = new EventTarget();

let seq = document.body.dataset.seq ? Number(document.body.dataset.seq) : null;
let heard = { wall: Date.now(), watch: performance.now(), server: now() };
let entered = false;
let mode = "waiting";
let crowd = 0; // how many follow the meeting: a full room spreads its questions over a moment

const socket = meeting
  ? io({ transports: ["websocket"], reconnectionDelay: 250, reconnectionDelayMax: 2500, randomizationFactor: 0.8, timeout: 5000 })
  : null;

/** Sends an event and waits for its acknowledgement; null when there is no connection or no answer in time. */
export async function ask(event, packet, patience = 4000) {
  if (!socket?.connected || !entered) return null;
  try {
    return await socket.timeout(patience).emitWithAck(event, packet);
  } catch {
    return null;
  }
}

/** Fetches the live region around an element again. */
export function refreshAround(element) {
  const region = element.closest("[data-live]");
  if (region) refresh(region.id);
}

async function enter() {
  let answer;
  try {
    answer = await socket.timeout(SILENCE).emitWithAck("enter", { meeting });
  } catch {
    return socket.disconnect().connect();
  }
  if (answer?.refused) return show("refused", { reason: answer.reason ?? answer.refused });
  entered = true;
  sign();
  if (seq !== answer.seq) {
    seq = answer.seq; // lower where a backup was restored: the page must not wait until the numbers have passed it
    catchUp(seq);
  } else retry();
  events.dispatchEvent(new Event("open"));
  follow(answer.follow);
}

/** Any word from the server proves that the page is live. */
function sign() {
  heard = { wall: Date.now(), watch: performance.now(), server: now() };
  if (entered && !failing.size) show("live");
}

function changed(packet) {
  if (packet.meeting !== meeting) return;
  sign();
  crowd = packet.crowd ?? crowd;
  if (seq !== null && packet.seq <= seq) return;
  if (packet.prev !== seq) return catchUp(packet.seq);
  seq = packet.seq;
  // Several parts may change at once ("poll item"); "after" is a consequence, so what it followed from changed as well.
  const parts = String(packet.what ?? "").split(/[\s,]+/).map((part) => part.split(/[-.:_]/)[0]);
  for (const region of regions()) {
    const wanted = region.dataset.live.split(" ").filter(Boolean);
    const touched = !wanted.length || parts.includes("after") || parts.some((part) => wanted.includes(part));
    if (!touched) continue;
    // Five hundred who check in one after the other do not make five hundred tablets ask for their own part each time.
    if (packet.person && packet.person !== document.body.dataset.person && "own" in region.dataset) continue;
    // A ballot that is handed out needs no question, unless it does not arrive.
    if (packet.sheet && region.dataset.expects === "ballot") refresh(region.id, 2000 + spread(), () => handedOut(packet.sheet));
    else refresh(region.id, crowd > 50 && region.closest(".room") ? spread() : 0);
  }
}

const handedOut = (poll) => document.querySelector(`#desk [data-ballot="${CSS.escape(poll)}"]`) !== null;

const spread = () => Math.random() * Math.min(crowd * 4, 2500);

function head(packet) {
  if (packet.meeting !== meeting) return;
  heardAt(packet.at);
  sign();
  if (seq === null || packet.seq > seq) catchUp(packet.seq);
  follow(packet.follow, true);
}

/** The page that is shown to everyone, or none. A heartbeat repeats it for whoever missed the packet. */
function follow(page, heartbeat = false) {
  events.dispatchEvent(new CustomEvent("follow", { detail: { follow: page ?? null, heartbeat } }));
}

/** Everything again, spread a little so that a full room does not ask in one instant. */
function catchUp(number) {
  seq = Math.max(number, seq ?? 0);
  for (const region of regions()) refresh(region.id, Math.max(Math.random() * 150, region.closest(".room") ? spread() : 0));
}

const regions = () => document.querySelectorAll("[data-live][id][data-address]");

// One fetch at a time for each region; a change that arrives meanwhile asks for one more.
const busy = new Set();
const again = new Set();
const failing = new Set();

async function refresh(id, delay = 0, needless = null) {
  if (needless) {
    await pause(delay);
    return needless() || refresh(id);
  }
  if (busy.has(id)) return again.add(id);
  busy.add(id);
  await pause(delay);
  do {
    again.delete(id);
    const fine = await fetchInto(id);
    if (fine) failing.delete(id);
    else failing.add(id);
  } while (again.has(id));
  busy.delete(id);
  if (!failing.size && entered && socket.connected) sign();
}

async function fetchInto(id) {
  const region = document.getElementById(id);
  if (!region) return true;
  let answer;
  let text;
  try {
    const headers = { Accept: "text/html", "HX-Request": "true", "HX-Request-Type": "partial" };
    answer = await fetch(region.dataset.address, { headers, cache: "no-cache", signal: AbortSignal.timeout(8000) });
    text = await answer.text();
  } catch {
    return false;
  }
  if (answer.redirected || answer.status === 401 || answer.status === 403) return leave(region);
  if (answer.status === 404 || answer.status === 410) return true;
  if (!answer.ok) return false;
  if (!region.isConnected) return true;
  release(region, text);
  await htmx.swap({ text, target: region, sourceElement: region, swap: "outerMorph", request: {} });
  return true;
}

/** The sign-in ended: what this page shows is no longer this person's to see. A page that has just been loaded anew is emptied. */
function leave(region) {
  if (Math.abs(Date.now() - Number(sessionStorage.getItem("left"))) > 30_000) {
    sessionStorage.setItem("left", Date.now());
    location.reload();
  } else region.replaceChildren();
  return true;
}

/** What is half filled stays as it is, unless its form is gone on the server (a ballot whose poll was closed). */
function release(region, text) {
  const kept = region.querySelectorAll("[data-keep][data-dirty]");
  if (!kept.length) return;
  const coming = new DOMParser().parseFromString(text, "text/html");
  for (const element of kept) {
    const next = coming.getElementById(element.id);
    if (element.dataset.dirty !== "sent" && !next?.hasAttribute("data-keep")) delete element.dataset.dirty;
  }
}

/** Numbers that anyone may see ride in the packet and are written where they stand. */
function numbers(packet) {
  told.set(packet.poll, packet);
  write(packet);
  events.dispatchEvent(new CustomEvent("poll", { detail: packet }));
}

// A region that was asked for before the last packet may arrive after it: what was told is written once more, if it is more.
const told = new Map();

function write(packet, fresh = true) {
  const values = { cast: packet.cast, eligible: packet.eligible, not_cast: packet.eligible - packet.cast, ...packet.tally };
  const format = new Intl.NumberFormat(language);
  for (const frame of document.querySelectorAll(`[data-poll="${CSS.escape(packet.poll)}"]`)) {
    if (!fresh && shownCast(frame) >= packet.cast) continue;
    for (const place of frame.querySelectorAll("[data-number]")) {
      const value = values[place.dataset.number];
      if (typeof value !== "number" || Number.isNaN(value)) continue;
      if (place instanceof HTMLProgressElement) {
        place.max = packet.eligible || 1;
        place.value = value;
      } else place.textContent = format.format(value);
    }
  }
}

const shownCast = (frame) => Number((frame.querySelector("[data-number=cast]")?.textContent ?? "").replace(/\D/g, "") || Infinity);

function show(next, facts = {}) {
  if (next === mode && next !== "refused") return paint(facts);
  mode = next;
  paint(facts);
}

function paint(facts) {
  for (const place of document.querySelectorAll("[data-live-state]")) {
    const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(heard.server);
    const key = `text${mode[0].toUpperCase()}${mode.slice(1)}`;
    const text = (place.dataset[key] ?? "").replace("{time}", time).replace("{reason}", facts.reason ?? "");
    if (place.dataset.liveState !== mode) place.dataset.liveState = mode;
    const line = place.querySelector("[data-live-text]");
    if (line.textContent !== text) line.textContent = text;
  }
}

function retry() {
  for (const id of failing) refresh(id, Math.random() * 300);
}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

// By the stopwatch, which nobody can set, and by the clock, which goes on while the tablet sleeps.
const silence = () => Math.max(performance.now() - heard.watch, Date.now() - heard.wall);

let rounds = 0;
let failures = 0;
function watch() {
  if (mode === "refused") return;
  const silent = silence() > SILENCE;
  failures = failing.size ? failures + 1 : 0;
  if (failures) retry();
  if (failures > 4) show("lost");
  if (!silent && entered) return;
  if (silent) show("lost");
  rounds += 1;
  if (rounds % 5 === 0) for (const region of regions()) refresh(region.id, Math.random() * 1000);
  if (rounds % 10 === 0) socket.disconnect().connect();
}

if (socket) {
  socket.on("connect", enter);
  socket.on("disconnect", (reason) => {
    entered = false;
    // The server ended it: signed out, or stopping. The regions tell which; a new attempt follows in any case.
    if (reason === "io server disconnect") {
      for (const region of regions()) refresh(region.id);
      setTimeout(() => socket.connect(), 500 + Math.random() * 1000);
    }
  });
  socket.on("changed", changed);
  socket.on("head", head);
  socket.on("poll", numbers);
  socket.on("sheet", (packet) => packet.meeting === meeting && events.dispatchEvent(new CustomEvent("sheet", { detail: packet })));
  socket.on("follow", (packet) => packet.meeting === meeting && follow(packet.follow));
  setInterval(watch, 1000);
  document.addEventListener("visibilitychange", () => document.hidden || watch());
  addEventListener("online", () => socket.connected || socket.disconnect().connect());
  document.addEventListener("htmx:after:swap", () => {
    paint({});
    for (const packet of told.values()) write(packet, false);
  });
}
