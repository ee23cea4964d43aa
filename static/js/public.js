/**
 * Keeps the page of a public meeting up to date: asks every five seconds for the part that changes, with the ETag of what is shown, and
 * not at all while the page is hidden. Strangers have no socket.
 */
const PAUSE = 5000;
const language = document.documentElement.lang || "en";
let etag = "";
let heard = Date.now();
let asking = false;

async function ask() {
  const region = document.getElementById("public-now");
  if (document.hidden || asking || !region) return;
  asking = true;
  try {
    const headers = { Accept: "text/html", "HX-Request": "true", ...(etag ? { "If-None-Match": etag } : {}) };
    const answer = await fetch(region.dataset.public, { headers, cache: "no-store", signal: AbortSignal.timeout(8000) });
    if (answer.status === 404) return location.reload();
    if (answer.status !== 304 && !answer.ok) throw new Error(String(answer.status));
    heard = Date.now();
    if (answer.status === 304) return;
    const text = await answer.text();
    etag = answer.headers.get("etag") ?? "";
    await htmx.swap({ text, target: region, sourceElement: region, swap: "outerMorph", request: {} });
  } catch {
    /* said below when it lasts */
  } finally {
    asking = false;
    say();
  }
}

function say() {
  const place = document.querySelector("[data-public-state]");
  const time = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(heard);
  const text = Date.now() - heard > 3 * PAUSE ? place.dataset.textLost.replace("{time}", time) : "";
  if (place.textContent !== text) place.textContent = text;
}

setTimeout(function again() {
  ask();
  setTimeout(again, PAUSE);
}, Math.random() * PAUSE);
document.addEventListener("visibilitychange", () => document.hidden || ask());
