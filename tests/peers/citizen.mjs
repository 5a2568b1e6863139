// The citizen: signs in where a page asks for a password and agrees where it
// asks what a site may know.

import { strict as assert } from 'node:assert';
import { Browser, Landed } from './browser.mjs';

export class Citizen {
  browser = new Browser();

  constructor({ username, password }) {
    this.username = username;
    this.password = password;
  }

  /** From an address of the provider back to `home`, the portal's. */
  async comesBack(url, home) {
    const { pages, at } = await this.#goesOn(await this.browser.open(url, home), home);
    assert(at instanceof Landed, `no way on from ${at}`);
    return { pages, url: at.url };
  }

  /** From a page of the provider to the page that says it was agreed. */
  async agrees(page) {
    const { pages, at } = await this.#goesOn(page, undefined);
    assert(!(at instanceof Landed) && at.html.includes('id="device-given"'), `not agreed, but at ${at}`);
    return pages;
  }

  /** The person's own pages. */
  async cabinet(issuer) {
    const { at } = await this.#goesOn(await this.browser.open(new URL('/account', issuer)), undefined);
    return at;
  }

  async #goesOn(at, home) {
    const pages = [];
    for (;;) {
      if (at instanceof Landed) return { pages, at };
      const signIn = at.forms.find((form) => form.names.includes('password'));
      const consent = at.forms.find((form) => form.names.includes('decision'));
      if (signIn && !pages.includes('sign_in')) {
        pages.push('sign_in');
        at = await this.browser.submit(at, signIn, { username: this.username, password: this.password }, home);
      } else if (consent && !pages.includes('consent')) {
        pages.push('consent');
        at = await this.browser.submit(at, consent, { decision: 'allow' }, home);
      } else {
        return { pages, at };
      }
    }
  }
}
