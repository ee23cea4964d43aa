/**
 * What time it is for the server. Tablets' clocks are often wrong, so none is asked: the page and every heartbeat say when the
 * server made them, and from there the browser's stopwatch goes on. A message may come late but never early, so the one that puts
 * the server's time furthest ahead was the fastest and is believed; one that is seconds behind tells that the stopwatch or the
 * server's clock was set.
 */
const LATE = 1500;
let offset = null;

/** A moment that the server has just named (ISO, with offset); `at`: when it arrived, on the browser's stopwatch. */
export function heard(moment, at = performance.now()) {
  const measured = Date.parse(moment) - at;
  if (Number.isNaN(measured)) return;
  if (offset === null || measured > offset || offset - measured > LATE) offset = measured;
}

/** Milliseconds since 1970 on the server's clock. */
export function now() {
  return offset === null ? Date.now() : performance.now() + offset;
}

/** Seconds as 0:42, 12:05 or 1:02:30. */
function written(seconds) {
  const hours = Math.floor(seconds / 3600);
  const minutes = String(Math.floor(seconds / 60) % 60);
  const parts = [...(hours ? [hours, minutes.padStart(2, "0")] : [minutes]), String(seconds % 60).padStart(2, "0")];
  return parts.join(":");
}

const since = (moment) => Math.max(0, Math.floor((now() - Date.parse(moment)) / 1000));

// data-elapsed: counted from that moment; with data-limit down to nothing, and up again beyond. data-used: seconds of a clock that
// was halted before; without data-elapsed it stands still.
function show(clock) {
  const { elapsed, used, limit } = clock.dataset;
  const seconds = Number(used ?? 0) + (elapsed ? since(elapsed) : 0);
  const most = Number(limit ?? 0);
  const text = (most && seconds > most ? "+" : "") + written(most ? Math.abs(most - seconds) : seconds);
  if (clock.textContent !== text) clock.textContent = text;
  const warning = Number(clock.dataset.warn ?? 60);
  clock.classList.toggle("is-short", Boolean(most) && seconds <= most && most - seconds <= warning);
  clock.classList.toggle("is-over", Boolean(most) && seconds > most);
}

function fill(bar) {
  const { elapsed, used } = bar.dataset;
  bar.value = Number(used ?? 0) + (elapsed ? since(elapsed) : 0);
}

function tick() {
  for (const clock of document.querySelectorAll("time[data-elapsed], time[data-used]")) show(clock);
  for (const bar of document.querySelectorAll("progress[data-used]")) fill(bar);
}

const page = document.body.dataset.now;
if (page) heard(page, performance.getEntriesByType("navigation")[0]?.responseStart || performance.now());
setInterval(tick, 250);
document.addEventListener("htmx:after:swap", tick);
tick();
