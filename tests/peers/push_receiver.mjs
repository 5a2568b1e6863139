// A browser's part of Web Push: without a message, makes its keys; with one,
// opens it. Both by http_ece and Node, as JSON on standard input and output.
import { createECDH, randomBytes } from "node:crypto";
import { text } from "node:stream/consumers";
import ece from "http_ece";

const asked = JSON.parse(await text(process.stdin));
const keys = createECDH("prime256v1");
if (!asked.body) {
  keys.generateKeys();
  console.log(JSON.stringify({
    private: keys.getPrivateKey("base64url"),
    p256dh: keys.getPublicKey("base64url"),
    auth: randomBytes(16).toString("base64url"),
  }));
} else {
  keys.setPrivateKey(asked.private, "base64url");
  const opened = ece.decrypt(Buffer.from(asked.body, "base64"), {
    version: "aes128gcm",
    privateKey: keys,
    authSecret: asked.auth,
  });
  process.stdout.write(opened);
}
