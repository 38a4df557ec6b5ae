// Asks axe-core about every main page on both surfaces, against the mock server. Exits 1 on a serious finding.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium } from 'playwright-core';
import { preview } from 'vite';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const server = await preview({ preview: { port: 4180, strictPort: true }, logLevel: 'error' });
const base = 'http://localhost:4180';
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
    ' ',
  );
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags });
const form = '/f/cost.expense_contract';
const pages = [
  '/login',
  '/',
  '/tasks',
  '/me',
  form,
  `${form}/new`,
  '/f/cost.kinds/new',
  `${form}/r2`,
  `${form}/r1?task=t1&box=todo`,
];
let bad = 0;
for (const viewport of [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
]) {
  const context = await browser.newContext({ viewport, locale: 'zh-CN' });
  for (const path of pages) {
    await context.clearCookies();
    if (path !== '/login') await context.addCookies([{ name: 'fw_mock', value: 'wang', url: base }]);
    const page = await context.newPage();
    await page.goto(base + path);
    await page.waitForTimeout(1200);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run({ resultTypes: ['violations'] }));
    for (const v of violations.filter((x) => x.impact === 'serious' || x.impact === 'critical')) {
      bad++;
      console.log(
        viewport.width,
        path,
        v.id,
        v.nodes.length,
        v.nodes[0].html.slice(0, 160),
        v.nodes[0].failureSummary?.split('\n')[1],
      );
    }
    await page.close();
  }
}
await browser.close();
await server.close();
process.exit(bad ? 1 : 0);
