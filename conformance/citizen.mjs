// The citizen: signs in at our pages, answers sites and takes consents back, as
// anybody would.
import { Browser, form } from './http.mjs';

export class Citizen {
  constructor({ issuer, ca, login, password }) {
    Object.assign(this, { issuer, ca, login, password });
  }

  /** Begins a browser of its own and signs in there. */
  async signIn() {
    const browser = new Browser(this.issuer, this.ca);
    const sent = form(await browser.get('/sign-in'), 'login-submit');
    const page = await browser.post(sent.action, { ...sent.fields, username: this.login, password: this.password });
    if (!/^\/(account|operator)/.test(page.url.pathname)) {
      throw new Error(`${this.login}: sign-in ended at ${page.url.pathname}`);
    }
    return browser;
  }

  /** Presses a button on the page. */
  async #press(browser, page, button, fields) {
    const sent = form(page, button);
    if (!sent) throw new Error(`${page.url?.pathname}: no button ${button}`);
    return browser.post(sent.action, { ...sent.fields, ...fields });
  }

  /** Becomes verified: sends data that the simulated registries know, then shows
   * a passport to an operator. */
  async verify(operator) {
    const browser = await this.signIn();
    const sent = form(await browser.get('/account/level/data'), 'level-data-send');
    await browser.post(sent.action, { ...sent.fields, ...PAPERS });
    let number;
    for (let tries = 0; tries < 40 && !number; tries += 1) {
      const level = await browser.get('/account/level');
      const asked = form(level, 'centre-request') ? await this.#press(browser, level, 'centre-request', {}) : level;
      number = asked.text.match(/id="centre-number">([^<]+)</)?.[1];
      if (!number) await new Promise((resolve) => setTimeout(resolve, 250));
    }
    if (!number) throw new Error(`${this.login}: the registries have not answered`);
    const desk = await operator.signIn();
    const seen = await operator.#press(desk, await desk.get('/operator'), 'desk-open', { number });
    const compared = [...seen.text.matchAll(/name="compared" value="([^"]+)"/g)].map(([, name]) => name);
    const done = await operator.#press(desk, seen, 'case-confirm', { compared });
    if (!done.text.includes('desk-done')) throw new Error(`${this.login}: the operator could not confirm`);
  }

  /** Answers the newest question of a site: `decision` is allow or deny. */
  async answerSite(decision) {
    this.browser ??= await this.signIn();
    for (let tries = 0; tries < 20; tries += 1) {
      let page = await this.browser.get('/account');
      if (!page.url.pathname.startsWith('/account')) {
        this.browser = await this.signIn();
        page = await this.browser.get('/account');
      }
      const question = page.text.match(/\/account\/asked\/[^"]+/)?.[0];
      if (question) {
        let asked = await this.browser.get(question);
        const sent = form(asked, 'login-submit');
        if (sent) {
          asked = await this.browser.post(sent.action, { ...sent.fields, username: this.login, password: this.password });
        }
        return this.#press(this.browser, asked, decision === 'allow' ? 'consent-allow' : 'consent-deny', { decision });
      }
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
    throw new Error('no site asks');
  }

  /** Goes to a site by its authorization request, and signs in there; gives the
   * browser and the address at which the site awaits them. */
  async enter(address) {
    const browser = await this.signIn();
    let page = await browser.get(address);
    if (!page.next) page = await this.#press(browser, page, 'consent-allow', { decision: 'allow' });
    if (!page.next) throw new Error(`${address}: the way ended at ${page.url.pathname}`);
    return { browser, back: page.next };
  }

  async signOut(browser) {
    await this.#press(browser, await browser.get('/sign-out'), 'logout-confirm', { decision: 'sign-out' });
  }

  async changePassword() {
    const browser = await this.signIn();
    const password = `Propusk-${Date.now()}!`;
    const page = await browser.get('/account/security');
    await this.#press(browser, page, 'password-submit', { current_password: this.password, password, password_repeat: password });
    this.password = password;
  }

  /** Takes every consent back, so that sites have to ask again. */
  async withdrawConsents() {
    const browser = await this.signIn();
    for (let tries = 0; tries < 50; tries += 1) {
      const list = await browser.get('/account/consents');
      const active = list.text.split('id="consents-past"')[0];
      const href = active.match(/href="(\/account\/consents\/[^"/#]+)"/)?.[1];
      if (!href) return;
      await this.#press(browser, await browser.get(href), 'withdraw-confirm', {});
    }
  }
}

/** What the simulated registries know. */
const PAPERS = {
  birthplace: 'г. Волгоград',
  snils: '000-000-300 00',
  passport: '0001 000300',
  issued_on: '15.06.2012',
  department_code: '340-001',
  issued_by: 'ГУ МВД России по Волгоградской области',
  lives_there: 'yes',
};
