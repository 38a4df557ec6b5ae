// make screenshots: plays the story of README.md in the real program and takes its picture.
// It stands on the kit of the browser tests (web/e2e/lib).
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch } from '../../web/e2e/lib/browser.mjs';
import { addRow, choose, control, type } from '../../web/e2e/lib/fill.mjs';
import { person } from '../../web/e2e/lib/person.mjs';
import { clean, prepare, startDemo } from '../../web/e2e/lib/program.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const name = '一号楼主体结构混凝土与钢筋采购合同';
const lines = [
  { subject: '商品混凝土', item: 'C35 商品混凝土', qty: '1200', price: '480' },
  { subject: '钢筋', item: 'HRB400E 钢筋', qty: '120', price: '3865.5' },
  { subject: '混凝土泵送', item: '汽车泵泵送', qty: '1000', price: '18.5' },
];

/** li fills an expense contract on her phone; gives the picture of the lines with their total. */
async function fill(li) {
  await li.login();
  await li.press(li.button('新建 支出合同'));
  await control(li, 'name').then((c) => c.waitFor());
  await choose(li, await control(li, 'project'), '临湖', '临湖花园一号楼');
  await type(li, await control(li, 'name'), name);
  await choose(li, await control(li, 'type'), '', '材料采购');
  await choose(li, await control(li, 'party'), '恒建', '恒建');
  for (const [i, line] of lines.entries()) {
    await addRow(li, 'lines');
    const cell = (column) => control(li, 'lines', i, column);
    await choose(li, await cell('subject'), line.subject, new RegExp(`${line.subject}$`));
    for (const column of ['item', 'qty', 'price']) await type(li, await cell(column), line[column]);
  }
  await li.page.keyboard.press('Tab');
  const total = li.page.locator('#f-lines-box .fw-totals');
  await li.sees('1,058,360.00', total);
  // The last line with its total, above the bar of buttons.
  await total.evaluate((e) => e.scrollIntoView({ block: 'end' }));
  await li.page.mouse.wheel(0, 220);
  await li.settled();
  return li.page.screenshot();
}

async function submit(li) {
  await li.press('提交');
  await li.page.waitForURL(/cost\.expense_contract\/(?!new)/);
  await li.sees('等待 王磊 处理');
}

/** Opens the contract from the to-dos. */
async function openTask(p) {
  await p.login('/tasks');
  await p.press(p.page.locator('.fw-task', { hasText: name }));
  await p.button('同意').waitFor();
}

async function agree(p) {
  await p.press('同意');
  await p.press(p.sheet.locator('.fw-sheet-foot').getByRole('button', { name: '同意' }));
  await p.hears('已同意');
}

/** Puts the phone in front of the desktop, on one picture. */
async function compose(browser, desktop, phone) {
  const page = await browser.newPage({ viewport: { width: 1740, height: 980 }, deviceScaleFactor: 1 });
  const image = (png) => `data:image/png;base64,${png.toString('base64')}`;
  await page.setContent(`<style>
    body { margin: 0; width: 1740px; height: 980px; background: linear-gradient(135deg, #dfe9f5, #f6f2ea); position: relative }
    img { position: absolute; box-shadow: 0 12px 40px #0f1b2d40 }
    .desktop { left: 40px; top: 40px; width: 1360px; border-radius: 10px }
    .phone { right: 40px; bottom: 40px; width: 372px; border-radius: 28px; border: 8px solid #171a1d }
    </style><img class="desktop" src="${image(desktop)}"><img class="phone" src="${image(phone)}">`);
  await page.waitForFunction(() => [...document.images].every((i) => i.complete));
  return page.screenshot();
}

const dir = await prepare();
let program;
let browser;
try {
  [program, browser] = await Promise.all([startDemo(), launch()]);
  const world = { suite: 'screenshots', url: program.url, browser };
  const li = await person(world, 'li', 'phone');
  const phone = await fill(li);
  await submit(li);
  const wang = await person(world, 'wang', 'desktop');
  await openTask(wang);
  await agree(wang);
  const chen = await person(world, 'chen', 'desktop');
  await openTask(chen);
  await chen.sees('HRB400E 钢筋'); // the table of lines is loaded when it is met first
  await chen.settled();
  const desktop = await chen.page.screenshot();
  writeFileSync(join(here, 'contract.png'), await compose(browser, desktop, phone));
  console.log('docs/images/contract.png');
} finally {
  await browser?.close();
  await program?.stop();
  clean(dir);
}
