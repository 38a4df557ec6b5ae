// A person with a device: logs in through the page, taps, types, looks.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { violations } from './a11y.mjs';
import { newContext } from './browser.mjs';
import { guard } from './guard.mjs';

export const out = fileURLToPath(new URL('../out', import.meta.url));

/** What everybody of the demonstration logs in with. */
export const password = 'formwork';

/** How long anything the user waits for may take. */
export const patience = 10_000;

let shots = 0;

/** Opens a device; `world` gives the program's address, the browser and the name of the suite. */
export async function person(world, name, device, options) {
  const context = await newContext(world.browser, device, options);
  context.setDefaultTimeout(patience);
  const page = await context.newPage();
  return new Person(world, name, device, context, page);
}

export class Person {
  constructor(world, name, device, context, page) {
    Object.assign(this, { world, name, device, context, page });
    this.guard = guard(page);
    this.phone = device === 'phone';
    this.axe = [];
    // The page asks who is there; nobody, before the login.
    this.expect(401, /\/api\/v1\/me$/);
  }

  /** An answer of this status is expected of these paths from now on. */
  expect(status, path) {
    this.guard.expect(status, path);
  }

  /** Opens a path of the program. */
  async open(path) {
    await this.page.goto(this.world.url + path);
  }

  /** Logs in by the login page and waits for the page that was asked for. */
  async login(path = '/') {
    await this.open(path);
    await this.page.getByLabel('账号').fill(this.name);
    await this.page.getByLabel('密码', { exact: true }).fill(password);
    await this.press(this.page.getByRole('button', { name: '登录', exact: true }));
    await this.page.locator('main#main').waitFor();
    return this;
  }

  /** Touches on a phone, clicks on a desktop. */
  async press(target) {
    const locator = typeof target === 'string' ? this.button(target) : target;
    await (this.phone ? locator.tap() : locator.click());
  }

  /** The button of this name in the topmost dialog, else on the page. */
  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** The topmost dialog. */
  get sheet() {
    return this.page.getByRole('dialog').last();
  }

  /** Waits for a text to be on the page. */
  async sees(text, within = this.page) {
    await within.getByText(text).first().waitFor();
  }

  /** Waits for a message at the edge of the page. */
  async hears(text) {
    await this.page.locator('.fw-toast', { hasText: text }).waitFor();
  }

  /** Waits until nothing is being loaded that the user would see coming. */
  async settled() {
    const waiting = '.fw-skeleton, .fw-spinner:not(button *), .fw-page-wait, #root:empty';
    // A picture of waiting is a picture too.
    const gone = { state: 'detached', timeout: 3000 };
    await this.page
      .locator(waiting)
      .filter({ visible: true })
      .first()
      .waitFor(gone)
      .catch(() => undefined);
    await this.page.waitForLoadState('networkidle', { timeout: 3000 }).catch(() => undefined);
    await this.page.evaluate(() => document.fonts.ready);
  }

  /** Takes a picture and judges what assistive technology gets to see. */
  async shot(step, options = {}) {
    await this.settled();
    mkdirSync(join(out, this.world.suite), { recursive: true });
    const file = `${String(++shots).padStart(3, '0')}-${this.device}-${this.name}-${step}.png`;
    const path = join(out, this.world.suite, file);
    if (options.full) await this.whole(() => this.page.screenshot({ path }));
    else await this.page.screenshot({ path });
    for (const v of await violations(this.page)) this.axe.push(`${file}: ${v}`);
  }

  /** Makes the screen as long as the page meanwhile: bars at the edges stay at the edges. */
  async whole(act) {
    const size = this.page.viewportSize();
    const height = await this.page.evaluate(() =>
      Math.max(...Array.from(document.querySelectorAll('html, main *'), (e) => e.scrollHeight)),
    );
    await this.page.setViewportSize({ width: size.width, height: Math.min(8000, Math.max(size.height, height + 200)) });
    await act();
    await this.page.setViewportSize(size);
  }

  /** Everything of a failure that can be looked at afterwards. */
  async dump(reason) {
    const base = join(out, this.world.suite, `FAILED-${reason}-${this.device}-${this.name}`);
    mkdirSync(join(out, this.world.suite), { recursive: true });
    await this.page.screenshot({ path: `${base}.png` }).catch(() => undefined);
    const html = await this.page.content().catch((e) => String(e));
    writeFileSync(`${base}.html`, html);
    writeFileSync(`${base}.log`, `${this.page.url()}\n${this.guard.log()}\n`);
  }

  /** Nothing went wrong beside the story. */
  judge() {
    assert.deepEqual(this.guard.faults(), [], `${this.name}: errors in the console or failed requests`);
    assert.deepEqual(this.axe, [], `${this.name}: serious accessibility violations`);
  }

  /** Talks to the program as this person, outside the page. */
  async api(method, path, body) {
    const cookies = await this.context.cookies(this.world.url);
    const token = cookies.find((c) => c.name === 'fw_session')?.value ?? '';
    const r = await fetch(this.world.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const text = await r.text();
    return { status: r.status, body: text ? JSON.parse(text) : undefined };
  }
}
