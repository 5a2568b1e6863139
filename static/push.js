// Notices in this browser. The button asks the browser for a subscription and
// sends it with the form that stands around the button.
"use strict";
(() => {
  const form = document.querySelector("form[data-push]");
  if (!form) return;
  const say = (name, shown) => {
    document.querySelector(`[data-push-${name}]`).hidden = !shown;
  };
  if (!navigator.serviceWorker || !window.PushManager || !window.Notification) {
    say("cannot", true);
    return;
  }
  form.hidden = false;

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  const subscribe = async () => {
    await navigator.serviceWorker.register("/push-worker.js");
    const worker = await navigator.serviceWorker.ready;
    // One that is there may be somebody else's who uses this browser: its
    // address is given to nobody again.
    const before = await worker.pushManager.getSubscription();
    if (before) await before.unsubscribe();
    return worker.pushManager.subscribe({
      userVisibleOnly: true,
      applicationServerKey: bytes(form.dataset.pushKey),
    });
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    say("failed", false);
    say("denied", false);
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const allowed = await Notification.requestPermission();
      if (allowed !== "granted") {
        say("denied", true);
        return;
      }
      const made = await subscribe();
      form.elements.endpoint.value = made.endpoint;
      form.elements.p256dh.value = text(made.getKey("p256dh"));
      form.elements.auth.value = text(made.getKey("auth"));
      form.submit();
    } catch {
      say("failed", true);
    } finally {
      button.disabled = false;
    }
  });
})();
