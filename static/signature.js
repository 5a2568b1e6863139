// Signs in the browser, where a plug-in for CAdES signatures is installed: it
// signs the text of this page with the certificate the person picks, and the
// signature is put into the field. Without it the file is signed elsewhere.
"use strict";
(async () => {
  const plugin = window.cadesplugin;
  const form = document.getElementById("signature-form");
  const button = document.getElementById("signature-here");
  if (!plugin || !form || !button) return;
  await plugin;
  button.hidden = false;
  const make = (name) => plugin.CreateObjectAsync("CAdESCOM." + name);
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const store = await plugin.CreateObjectAsync("CAPICOM.Store");
      await store.Open(2, "My", 2);
      const chosen = await (await store.Certificates).Select();
      const signer = await make("CPSigner");
      await signer.propset_Certificate(await chosen.Item(1));
      // With the chain but for its root.
      await signer.propset_Options(0);
      const data = await make("CadesSignedData");
      // The page holds the bytes of the file in base64.
      await data.propset_ContentEncoding(1);
      await data.propset_Content(form.dataset.text);
      document.getElementById("signature").value = await data.SignCades(signer, 1, true);
      form.requestSubmit(document.getElementById("signature-send"));
    } catch {
      // Cancelled, or no certificate: the other ways are still there.
      button.disabled = false;
    }
  });
})();
