/**
 * Casts ballots. One key per intent: it is made once, kept on this device before the first attempt, and goes with every retry, so
 * that a ballot is counted once however often it is sent. "Counted" is shown only after the server's acknowledgement. The socket
 * is tried first, then the form's own address. Words come from the <template>s of the ballot macro.
 */
import { choiceOf, labelOf, prepare } from "./ballot_marks.js";
import { now } from "./clocks.js";
import { ask, events, refreshAround } from "./live.js";

const language = document.documentElement.lang || "en";
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const running = new Map(); // name → intent that is being sent by this page

const nameOf = (ballot) => `ballot/${ballot.dataset.ballot}/${ballot.dataset.for ?? ""}`;
const ballots = (poll) => document.querySelectorAll(poll ? `[data-ballot="${CSS.escape(poll)}"]` : "[data-ballot]");

// randomUUID exists only in secure contexts; a council's own network may serve plain HTTP.
function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function stored(ballot) {
  try {
    const intent = JSON.parse(localStorage.getItem(nameOf(ballot)));
    return intent?.voter === ballot.dataset.voter ? intent : null;
  } catch {
    return null;
  }
}

function keep(name, intent) {
  try {
    localStorage.setItem(name, JSON.stringify(intent));
  } catch { /* storage is closed: the page itself keeps it while it is open */ }
}

function forget(name) {
  try {
    localStorage.removeItem(name);
  } catch { /* nothing was kept */ }
}

document.addEventListener("submit", (event) => {
  const ballot = event.target.closest("[data-ballot]");
  if (!ballot) return;
  event.preventDefault();
  const choice = choiceOf(event.target);
  const name = nameOf(ballot);
  if (choice === null || running.has(name)) return;
  const intent = { key: uuid(), choice, label: labelOf(event.target), voter: ballot.dataset.voter, since: now() };
  keep(name, intent);
  send(ballot, intent);
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-again]")) clear(event.target.closest("[data-ballot]"));
});

/** Sends until the server has said yes or no; the state stands in the ballot's place meanwhile. */
async function send(ballot, intent) {
  const name = nameOf(ballot);
  running.set(name, intent);
  const form = ballot.querySelector("[data-form]");
  const parcel = { poll: ballot.dataset.ballot, choice: intent.choice, key: intent.key };
  if (ballot.dataset.for) parcel.for = ballot.dataset.for;
  const words = ballot.querySelector("template[data-when=refused]").cloneNode(true);
  display(name, "sending", intent);
  const patience = setTimeout(() => display(name, "waiting", intent), 2500);
  let answer = null;
  for (let turn = 0; !answer; turn += 1) {
    answer = (await ask("cast", parcel)) ?? (await post(form, parcel));
    // "busy" is no answer: the server is stopping, or others were in its way. The same ballot is sent again.
    if (answer?.counted || (answer?.refused && answer.refused !== "busy")) break;
    answer = null;
    display(name, "waiting", intent);
    await nextChance(Math.min(600 * 2 ** turn, 4000));
  }
  clearTimeout(patience);
  running.delete(name);
  forget(name);
  if (answer.counted) counted(name, { ...intent, ...answer });
  else refuse(name, intent, answer, words);
}

/** Where a ballot may be changed, the desk shows the choices again below the receipt. */
function counted(name, facts) {
  display(name, "counted", facts);
  for (const ballot of ballots()) if (nameOf(ballot) === name && "changeable" in ballot.dataset) refreshAround(ballot);
}

function refuse(name, intent, answer, words) {
  const reason = answer.reason ?? answer.refused;
  if (display(name, "refused", { ...intent, reason })) return;
  const title = words.content.querySelector(".ballot-state__word")?.textContent ?? "";
  document.dispatchEvent(new CustomEvent("toast", { detail: { kind: "bad", text: `${title}: ${reason}` } }));
}

/** The form's own address, for when the socket is down. Only a clear answer counts; anything else is tried again. */
async function post(form, parcel) {
  const token = form.elements._csrf_token.value;
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams({ ...parcel, choice: asText(parcel.choice), _csrf_token: token }),
      headers: { Accept: "application/json", "x-csrftoken": document.body.dataset.token ?? token },
      signal: AbortSignal.timeout(6000),
    });
    return await answer.json();
  } catch {
    return null;
  }
}

/** A form has text only: several marks go as JSON. */
const asText = (choice) => (typeof choice === "string" ? choice : JSON.stringify(choice));

/** A pause that ends early when the connection is back. */
function nextChance(milliseconds) {
  return new Promise((go) => {
    setTimeout(go, milliseconds * (0.7 + Math.random() * 0.6));
    events.addEventListener("open", go, { once: true });
    addEventListener("online", go, { once: true });
  });
}

/** Puts a state in the place of the choices of every ballot of that name on the page; false if there is none. */
function display(name, when, facts) {
  const places = [...ballots()].filter((ballot) => nameOf(ballot) === name);
  for (const ballot of places) {
    const template = ballot.querySelector(`template[data-when=${when}]`);
    if (!template) continue;
    const state = template.content.cloneNode(true);
    fill(state, "time", facts.at ? clock.format(new Date(facts.at)) : "");
    fill(state, "since", clock.format(new Date(facts.since ?? now())));
    fill(state, "receipt", facts.receipt ?? "");
    fill(state, "choice", facts.label ?? "");
    fill(state, "reason", facts.reason ?? "");
    const stage = ballot.querySelector("[data-stage]");
    stage.querySelector(".ballot-state")?.remove();
    stage.querySelector("[data-form]").hidden = true;
    stage.append(state);
    // "sent": nobody may redraw it, not even the closing of the poll, before the answer is here.
    if (when === "sending" || when === "waiting") ballot.dataset.dirty = "sent";
    else if (when === "refused") ballot.dataset.dirty = "";
    else delete ballot.dataset.dirty;
  }
  return places.length > 0;
}

function fill(state, name, text) {
  for (const place of state.querySelectorAll(`[data-fill=${name}]`)) place.textContent = text;
}

/** Back to the choices; what the server shows now may be something else, so it is asked. */
function clear(ballot) {
  delete ballot.dataset.dirty;
  ballot.querySelector(".ballot-state")?.remove();
  const form = ballot.querySelector("[data-form]");
  form.reset();
  form.hidden = false;
  form.querySelector("input:not([type=hidden])")?.focus();
  refreshAround(ballot);
}

/** An intent that was kept on this device, by this person, goes on its way again. */
function resume() {
  for (const ballot of ballots()) {
    const intent = stored(ballot);
    if (!intent) continue;
    if (running.has(nameOf(ballot))) display(nameOf(ballot), "waiting", intent);
    else send(ballot, intent);
  }
}

events.addEventListener("poll", ({ detail }) => {
  if (!detail.state || detail.state === "open") return;
  for (const ballot of ballots(detail.poll)) {
    if (running.has(nameOf(ballot)) || ballot.querySelector(".ballot-state")) continue;
    display(nameOf(ballot), "closed", {});
  }
});
// Another tab of this browser is done with an intent: what stands here is asked again.
addEventListener("storage", ({ key, newValue }) => {
  if (newValue !== null) return;
  for (const ballot of ballots()) if (nameOf(ballot) === key && !running.has(key)) refreshAround(ballot);
});
events.addEventListener("open", resume);
document.addEventListener("htmx:after:swap", () => {
  prepare();
  for (const ballot of ballots()) if (!ballot.dataset.dirty && stored(ballot)) resume();
});
prepare();
addEventListener("beforeunload", (event) => running.size && event.preventDefault());
resume();
