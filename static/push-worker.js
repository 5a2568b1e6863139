// Shows the notices that are sent to this browser. A press opens a page of
// ours; nothing is done by it. Nothing is kept and nothing is fetched.
"use strict";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  let notice = {};
  try {
    notice = event.data.json();
  } catch {
    // Something must be shown for every message; it is not ours.
  }
  event.waitUntil(
    self.registration.showNotification(notice.title || "Пропуск", {
      body: notice.text || "",
      icon: "/static/icon.svg",
      data: { url: notice.url || "/account/notices" },
    }),
  );
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  const ours = url.origin === self.location.origin ? url.href : "/account/notices";
  event.waitUntil(self.clients.openWindow(ours));
});
