// The frame that relying parties ask whether the person at this browser is still
// the one they know (OpenID Connect Session Management 1.0 §3.1, §3.2). The
// digest is made here, as a browser gives its own to secure pages only.
function sha256(text) {
  const rotate = (word, by) => (word >>> by) | (word << (32 - by));
  const fraction = (root) => ((root - Math.floor(root)) * 4294967296) | 0;
  const primes = [];
  for (let number = 2; primes.length < 64; number++) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  const constants = primes.map((prime) => fraction(Math.cbrt(prime)));
  const hash = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
  const bytes = new TextEncoder().encode(text);
  const blocks = (bytes.length + 72) >> 6;
  const padded = new DataView(new ArrayBuffer(blocks * 64));
  bytes.forEach((byte, at) => padded.setUint8(at, byte));
  padded.setUint8(bytes.length, 0x80);
  padded.setUint32(blocks * 64 - 4, bytes.length * 8);
  for (let block = 0; block < blocks; block++) {
    const words = [];
    for (let at = 0; at < 64; at++) {
      if (at < 16) {
        words.push(padded.getInt32(block * 64 + at * 4));
        continue;
      }
      const [far, near] = [words[at - 15], words[at - 2]];
      const low = rotate(far, 7) ^ rotate(far, 18) ^ (far >>> 3);
      const high = rotate(near, 17) ^ rotate(near, 19) ^ (near >>> 10);
      words.push((words[at - 16] + low + words[at - 7] + high) | 0);
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let at = 0; at < 64; at++) {
      const mixed = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
      const one = (h + mixed + ((e & f) ^ (~e & g)) + constants[at] + words[at]) | 0;
      const turned = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
      const two = (turned + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((word, at) => (hash[at] = (hash[at] + word) | 0));
  }
  const digest = hash.flatMap((word) => [24, 16, 8, 0].map((by) => (word >>> by) & 0xff));
  const base64 = btoa(digest.map((byte) => String.fromCharCode(byte)).join(""));
  return base64.replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
}

function browserState() {
  // By https the name that no neighbouring host can set, and no other.
  const named = location.protocol === "https:" ? /^__Host-propusk_state=/ : /^propusk_state=/;
  const cookie = document.cookie.split("; ").find((cookie) => named.test(cookie));
  return cookie ? cookie.replace(named, "") : "";
}

addEventListener("message", ({ data, origin, source }) => {
  const parts = typeof data === "string" ? data.split(" ") : [];
  const [digest, salt] = (parts[1] ?? "").split(".");
  let answer = "error";
  if (parts.length === 2 && parts[0] && digest && salt) {
    const state = browserState();
    // Without one nobody is signed in, which is not everybody's to know.
    const same = state && sha256(`${parts[0]} ${origin} ${state} ${salt}`) === digest;
    answer = same ? "unchanged" : "changed";
  }
  if (source) source.postMessage(answer, origin);
});
