// HTTPS without redirects followed, and a browser's jar of cookies. Node's own
// modules only: `fetch` cannot be told which authority to trust.
import https from 'node:https';

/** One request; `ca` is the authority to trust beside none. */
export function request(url, { method = 'GET', headers = {}, body, ca, timeout = 60_000 } = {}) {
  return new Promise((resolve, reject) => {
    const sent = https.request(url, { method, headers, ca, timeout }, (answer) => {
      const parts = [];
      answer.on('data', (part) => parts.push(part));
      answer.on('end', () =>
        resolve({
          status: answer.statusCode,
          headers: answer.headers,
          text: Buffer.concat(parts).toString('utf8'),
        }),
      );
      answer.on('error', reject);
    });
    sent.on('timeout', () => sent.destroy(new Error(`${url}: no answer in ${timeout} ms`)));
    sent.on('error', reject);
    sent.end(body);
  });
}

/** What a citizen browses with: cookies are kept, redirects of our own followed. */
export class Browser {
  constructor(base, ca) {
    this.base = base;
    this.ca = ca;
    this.cookies = new Map();
  }

  get(path) {
    return this.#visit(path, {});
  }

  /** Sends a form; a field may have several values. */
  post(path, fields) {
    return this.#visit(path, {
      method: 'POST',
      body: new URLSearchParams(Object.entries(fields).flatMap(([name, value]) => [value].flat().map((one) => [name, one]))).toString(),
      headers: {
        'content-type': 'application/x-www-form-urlencoded',
        origin: this.base,
        'sec-fetch-site': 'same-origin',
      },
    });
  }

  async #visit(path, sent) {
    let url = new URL(path, this.base);
    for (let hops = 0; hops < 10; hops += 1) {
      const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
      const headers = { ...sent.headers, ...(cookie && { cookie }) };
      const answer = await request(url, { ...sent, headers, ca: this.ca });
      for (const line of answer.headers['set-cookie'] ?? []) {
        const [name, ...value] = line.split(';')[0].split('=');
        this.cookies.set(name, value.join('='));
      }
      const next = answer.headers.location && new URL(answer.headers.location, url);
      // Where another host is meant, the citizen's way with us is over.
      if (!next || next.origin !== this.base) return { ...answer, url, next };
      url = next;
      sent = {};
    }
    throw new Error(`${path}: too many redirects`);
  }
}

/** The fields of the form on a page that is sent by the button with this id. */
export function form(page, button) {
  const forms = page.text.split('<form').slice(1).map((part) => part.split('</form>')[0]);
  const found = forms.find((part) => part.includes(`id="${button}"`));
  if (!found) return undefined;
  const attribute = (tag, name) => {
    const value = tag.match(new RegExp(`\\s${name}="([^"]*)"`))?.[1];
    return value === undefined ? undefined : unescape(value);
  };
  const fields = {};
  for (const [tag] of found.matchAll(/<input[^>]*>/g)) {
    const choice = ['checkbox', 'radio'].includes(attribute(tag, 'type'));
    const name = attribute(tag, 'name');
    if (name && (!choice || /\schecked/.test(tag))) fields[name] = attribute(tag, 'value') ?? '';
  }
  return { action: attribute(`<form${found.split('>')[0]} >`, 'action') ?? page.url.pathname, fields };
}

const ENTITIES = { amp: '&', lt: '<', gt: '>', quot: '"', '#34': '"', '#38': '&', '#39': "'", '#60': '<', '#62': '>' };

function unescape(text) {
  return text.replace(/&(#?\w+);/g, (whole, name) => ENTITIES[name] ?? whole);
}
