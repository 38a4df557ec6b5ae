// Draws every page at desktop and phone size against the mock server; for looking at, not a test.
import { mkdirSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const server = await preview({ preview: { port: 4179, strictPort: true }, logLevel: 'error' });
const base = 'http://localhost:4179';
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  );
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: flags });
mkdirSync('dev/shots', { recursive: true });

const sizes = { desktop: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };
const only = process.argv[2];

async function open(mode, user) {
  const context = await browser.newContext({
    viewport: sizes[mode],
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    hasTouch: mode === 'phone',
    deviceScaleFactor: 1,
  });
  if (user) await context.addCookies([{ name: 'fw_mock', value: user, url: base }]);
  await fetch(`${base}/api/v1/drafts/cost.expense_contract`, { method: 'DELETE', headers: { cookie: 'fw_mock=li' } });
  const page = await context.newPage();
  page.setDefaultTimeout(4000);
  page.on('console', (m) => m.type() === 'error' && console.log(`[${mode}]`, m.text().slice(0, 300)));
  page.on('pageerror', (e) => console.log(`[${mode}] PAGE ERROR`, e.message.slice(0, 400)));
  return page;
}

const form = '/f/cost.expense_contract';
const steps = {
  login: { user: '', path: '/login' },
  loginbad: {
    user: '',
    path: '/login',
    run: async (p) => {
      await p.getByLabel('账号').fill('li');
      await p.getByLabel('密码', { exact: true }).fill('x');
      await p.getByRole('button', { name: '登录' }).click();
      await p.waitForTimeout(500);
    },
  },
  home: { user: 'wang', path: '/' },
  tasks: { user: 'wang', path: '/tasks' },
  tasksempty: { user: 'zhao', path: '/tasks' },
  mine: { user: 'li', path: '/tasks?box=mine' },
  me: { user: 'li', path: '/me' },
  list: { user: 'li', path: form },
  listnone: { user: 'li', path: `${form}?q=zzz` },
  listerr: { user: 'li', path: '/f/cost.broken' },
  gone: { user: 'li', path: '/f/cost.nothing' },
  filter: {
    user: 'li',
    path: form,
    run: async (p) => {
      await p.getByRole('button', { name: '筛选' }).click();
      await p.getByRole('button', { name: /添加条件/ }).click();
      await p.waitForTimeout(400);
    },
  },
  new: { user: 'li', path: `${form}/new` },
  newerr: {
    user: 'li',
    path: `${form}/new`,
    run: async (p) => {
      await p.getByRole('button', { name: '提交' }).click();
      await p.waitForTimeout(900);
    },
  },
  rows: { user: 'li', path: `${form}/new`, run: fillRows },
  kinds: { user: 'li', path: '/f/cost.kinds/new', full: true },
  detail: { user: 'li', path: `${form}/r2` },
  detailflow: { user: 'li', path: `${form}/r2`, run: (p) => p.getByRole('tab', { name: '流程' }).click() },
  detailtree: {
    user: 'li',
    path: `${form}/r2`,
    run: async (p) => {
      await p.getByRole('tab', { name: '流程' }).click();
      await p.getByRole('button', { name: '流程图' }).click();
    },
  },
  history: { user: 'li', path: `${form}/r2`, run: (p) => p.getByRole('tab', { name: '变更记录' }).click() },
  todo: { user: 'wang', path: `${form}/r1?task=t1&box=todo` },
  approve: {
    user: 'wang',
    path: `${form}/r1?task=t1&box=todo`,
    run: (p) => p.getByRole('button', { name: '同意' }).click(),
  },
  reject: {
    user: 'wang',
    path: `${form}/r1?task=t1&box=todo`,
    run: async (p) => {
      await p.getByRole('button', { name: '拒绝' }).click();
      await p.getByRole('dialog').getByRole('button', { name: '拒绝' }).click();
    },
  },
  more: {
    user: 'wang',
    path: `${form}/r1?task=t1&box=todo`,
    run: (p) => p.getByRole('button', { name: '更多' }).click(),
  },
  wheel: {
    user: 'li',
    path: `${form}/new`,
    run: (p) => p.locator('#f-sign_date').click(),
  },
  picker: { user: 'li', path: `${form}/new`, run: (p) => p.locator('#f-project').click() },
  conflict: { user: 'li', path: `${form}/r6/edit`, run: conflict },
  en: { user: 'li', path: `${form}/new`, lang: 'en' },
};

/** Somebody else saves while the user types. */
async function conflict(p) {
  await p.getByLabel(/合同名称/).fill('我改的名称');
  await p.evaluate(() =>
    fetch('/api/v1/forms/cost.expense_contract/records/r6', {
      method: 'PATCH',
      body: JSON.stringify({ rev: 4, set: { name: '别人改的名称', note: '别人的备注' } }),
    }),
  );
  await p.getByRole('button', { name: '提交' }).click();
}

async function fillRows(p) {
  await p.getByLabel(/合同名称/).fill('一号楼钢筋采购合同');
  for (const [qty, price] of [
    ['12.5', '3800'],
    ['-3', '4150.5'],
  ]) {
    await p.getByRole('button', { name: '添加一行' }).click();
    await p.waitForTimeout(250);
    await p.getByLabel(/^数量/).last().fill(qty);
    await p.getByLabel(/^单价/).last().fill(price);
  }
  await p.getByLabel(/^数量/).last().blur();
  await p.waitForTimeout(1500);
  await p.evaluate(() => document.querySelector('.fw-subtable')?.scrollIntoView({ block: 'center' }));
  await p.waitForTimeout(300);
}

for (const mode of Object.keys(sizes)) {
  for (const [name, s] of Object.entries(steps)) {
    if (only && !name.match(new RegExp(`^(${only})$`))) continue;
    const page = await open(mode, s.user);
    try {
      if (s.lang) await page.addInitScript((l) => localStorage.setItem('fw.lang', l), s.lang);
      await page.goto(base + s.path);
      await page.waitForTimeout(1300);
      await s.run?.(page);
      await page.waitForTimeout(500);
    } catch (e) {
      console.log(mode, name, e.message.slice(0, 400));
    }
    await page.screenshot({ path: `dev/shots/${name}-${mode}.png`, fullPage: !!s.full });
    await page.context().close();
  }
}
await browser.close();
await server.close();
process.exit(0);
