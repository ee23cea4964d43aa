// Turns messages on this device on and off. Without support in the browser the part stays hidden.

const part = document.getElementById("push");

const show = (state) => {
  for (const element of part.querySelectorAll("[data-push]")) element.hidden = element.dataset.push !== state;
};

const send = async (address, fields) => {
  const token = document.querySelector("input[name=_csrf_token]").value;
  const answer = await fetch(address, { method: "POST", body: new URLSearchParams({ ...fields, _csrf_token: token }) });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
};

const bytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

const begin = async (worker) => {
  if ((await Notification.requestPermission()) !== "granted") return show("denied");
  const key = bytes(part.dataset.key);
  const subscription = await worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  await send("/notifications/push", { endpoint, p256dh: keys.p256dh, auth: keys.auth });
  return show("on");
};

const end = async (worker) => {
  const subscription = await worker.pushManager.getSubscription();
  if (subscription) {
    await send("/notifications/push/end", { endpoint: subscription.endpoint });
    await subscription.unsubscribe();
  }
  return show("off");
};

const start = async () => {
  const worker = await navigator.serviceWorker.register("/push-worker.js");
  part.hidden = false;
  if (Notification.permission === "denied") show("denied");
  else show((await worker.pushManager.getSubscription()) ? "on" : "off");
  part.addEventListener("click", (event) => {
    const act = event.target.closest("[data-push-act]")?.dataset.pushAct;
    if (act) (act === "begin" ? begin(worker) : end(worker)).catch(() => show("denied"));
  });
};

if (part && "serviceWorker" in navigator && "PushManager" in window) start();
