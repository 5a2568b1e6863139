// A browser small enough to read: cookies, redirects, forms. It plays the
// citizen while a certified client library plays the portal.
//
// `fetch` will not do: it marks its requests `Sec-Fetch-Mode: cors`, and sites
// rightly treat those as a script's and not as a person's.

import http from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';

/** Stops here: the address belongs to the relying party, nobody listens on it. */
export class Landed {
  constructor(url) {
    this.url = url;
  }
}

export class Browser {
  #cookies = [];

  /** Opens an address and follows redirects until a page, or until `home`. */
  async open(url, home) {
    return this.#follow(new URL(url), { method: 'GET' }, home);
  }

  /** Sends a form of `page` with some fields filled in. */
  async submit(page, form, filled, home) {
    const fields = new URLSearchParams([...form.fields.filter(([name]) => !(name in filled)), ...Object.entries(filled)]);
    const url = new URL(form.action, page.url);
    if (form.method === 'GET') {
      url.search = fields;
      return this.#follow(url, { method: 'GET' }, home);
    }
    const headers = { 'content-type': 'application/x-www-form-urlencoded', origin: url.origin };
    return this.#follow(url, { method: 'POST', headers, body: fields.toString() }, home);
  }

  async #follow(url, request, home) {
    for (let hops = 0; hops < 12; hops++) {
      if (url.origin + url.pathname === home) return new Landed(url);
      const response = await send(url, { ...request, headers: { ...request.headers, ...this.#headersFor(url) } });
      this.#keep(url, response.headers['set-cookie'] ?? []);
      const location = response.headers.location;
      if (response.status < 300 || response.status > 399 || !location) {
        return new Page(url, response.status, response.body);
      }
      url = new URL(location, url);
      // 307 and 308 alone repeat the method and the body (RFC 9110 §15.4).
      if (response.status < 307) request = { method: 'GET' };
    }
    throw new Error(`redirects without end at ${url.origin}${url.pathname}`);
  }

  #headersFor(url) {
    const navigation = { 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' };
    return { ...navigation, accept: 'text/html', 'accept-language': 'ru', cookie: this.#cookiesFor(url) };
  }

  // Cookies belong to a host and a path; ports do not separate them.
  #cookiesFor(url) {
    return this.#cookies
      .filter((c) => c.host === url.hostname && url.pathname.startsWith(c.path) && (!c.secure || url.protocol === 'https:'))
      .map((c) => `${c.name}=${c.value}`)
      .join('; ');
  }

  #keep(url, lines) {
    for (const line of lines) {
      const [pair, ...attributes] = line.split(';').map((part) => part.trim());
      const at = pair.indexOf('=');
      const attribute = (name) => attributes.find((a) => a.toLowerCase().split('=')[0] === name)?.split('=').slice(1).join('=');
      const cookie = {
        host: url.hostname,
        name: pair.slice(0, at),
        value: pair.slice(at + 1),
        path: attribute('path') || '/',
        secure: attribute('secure') !== undefined,
      };
      this.#cookies = this.#cookies.filter((c) => !(c.host === cookie.host && c.name === cookie.name && c.path === cookie.path));
      const maxAge = attribute('max-age');
      const expires = attribute('expires');
      const gone = maxAge !== undefined ? Number(maxAge) <= 0 : expires !== undefined && Date.parse(expires) <= Date.now();
      if (!gone) this.#cookies.push(cookie);
    }
  }
}

async function send(url, { method, headers, body }) {
  const { request } = url.protocol === 'https:' ? https : http;
  const response = await new Promise((resolve, reject) => {
    request(url, { method, headers }, resolve).on('error', reject).end(body);
  });
  return { status: response.statusCode, headers: response.headers, body: await text(response) };
}

export class Page {
  constructor(url, status, html) {
    this.url = url;
    this.status = status;
    this.html = html;
    this.forms = [...html.matchAll(/<form\b([^>]*)>([\s\S]*?)<\/form>/gi)].map(([, tag, body]) => form(attributes(tag), body));
  }

  /** What a person would say of the page, for messages. */
  toString() {
    const text = (tag) => this.html.match(new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}>`, 'i'))?.[1].replace(/<[^>]*>/g, '').trim();
    return `${this.url.pathname} (${this.status}): ${text('h1') ?? text('title') ?? this.html.slice(0, 120)}`;
  }
}

function form(tag, body) {
  const inputs = [...body.matchAll(/<input\b([^>]*)>/gi)].map(([, text]) => attributes(text));
  const buttons = [...body.matchAll(/<button\b([^>]*)>/gi)].map(([, text]) => attributes(text));
  const chosen = (input) => !['checkbox', 'radio'].includes(input.type) || 'checked' in input;
  return {
    action: tag.action ?? '',
    method: (tag.method ?? 'get').toUpperCase(),
    // What a browser sends when nothing is touched; a submit button is sent only if pressed.
    fields: inputs
      .filter((input) => input.name && input.type !== 'submit' && chosen(input))
      .map((input) => [input.name, input.value ?? (input.type === 'checkbox' ? 'on' : '')]),
    names: [...inputs, ...buttons].map((control) => control.name).filter(Boolean),
    ids: [...inputs, ...buttons].map((control) => control.id).filter(Boolean),
    button: (test) => [...buttons, ...inputs].find(test),
  };
}

function attributes(text) {
  const found = [...text.matchAll(/([\w:-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?/g)];
  return Object.fromEntries(found.map(([, name, a, b, c]) => [name.toLowerCase(), decode(a ?? b ?? c ?? '')]));
}

function decode(text) {
  const named = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex) return String.fromCodePoint(parseInt(hex, 16));
    if (decimal) return String.fromCodePoint(Number(decimal));
    return named[name] ?? whole;
  });
}
