// Shows messages of the house while no page is open, and opens what they are about.

self.addEventListener("push", (event) => {
  const message = event.data ? event.data.json() : {};
  event.waitUntil(
    self.registration.showNotification(message.title || "Meetings", {
      body: message.body || "",
      tag: message.tag,
      data: { link: typeof message.link === "string" && message.link.startsWith("/") ? message.link : "/" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.link));
});
