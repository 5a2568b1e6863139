// Keys and passkeys (WebAuthn). A form with data-key asks the browser for a key
// when it is sent, or, with data-key="offer", in the suggestions of the field for
// the name; the answer goes into the form's own field.
"use strict";
(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const listed = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const prepared = (options) => {
    const key = { ...options.publicKey, challenge: bytes(options.publicKey.challenge) };
    if (key.user) key.user = { ...key.user, id: bytes(key.user.id) };
    if (key.excludeCredentials) key.excludeCredentials = listed(key.excludeCredentials);
    if (key.allowCredentials) key.allowCredentials = listed(key.allowCredentials);
    return key;
  };

  const answered = (credential) => {
    const response = {};
    for (const part of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      const value = credential.response[part];
      if (value && value.byteLength) response[part] = text(value);
    }
    return JSON.stringify({
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      response,
      extensions: credential.getClientExtensionResults(),
    });
  };

  let waiting = null;
  const ask = async (form, how, more) => {
    if (waiting) waiting.abort();
    waiting = new AbortController();
    const publicKey = prepared(JSON.parse(form.dataset.options));
    const credential = await navigator.credentials[how]({ publicKey, signal: waiting.signal, ...more });
    form.elements.answer.value = answered(credential);
    form.submit();
  };

  for (const form of document.querySelectorAll("form[data-key]")) {
    if (!window.PublicKeyCredential) continue;
    form.hidden = false;
    const how = form.dataset.key === "create" ? "create" : "get";
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const failed = form.querySelector("[data-key-failed]");
      if (failed) failed.hidden = true;
      try {
        await ask(form, how, {});
      } catch {
        // Cancelled, or no key that fits: the page stays as it was.
        if (failed) failed.hidden = false;
      }
    });
    if (form.dataset.key === "offer" && PublicKeyCredential.isConditionalMediationAvailable) {
      PublicKeyCredential.isConditionalMediationAvailable()
        .then((available) => available && ask(form, "get", { mediation: "conditional" }))
        .catch(() => {});
    }
  }
})();
