// At the desk: a spreadsheet in the form, blocks from Excel, files, two languages.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { addRow, choose, control, type } from './lib/fill.mjs';
import { contract, pathOf, submitContract } from './lib/story.mjs';
import { suite } from './lib/suite.mjs';

const { journey } = suite('desk');

/** As Excel puts it on the clipboard: tabs, line ends of Windows, grouped numbers. */
const block = [
  ['商品混凝土', 'C30 商品混凝土', 'm³', '1,000', '455'],
  ['商品混凝土', 'C40 商品混凝土', 'm³', '300.5', '512.25'],
  ['预拌砂浆', 'DM M10 砂浆', 't', '86', '318'],
]
  .map((row) => row.join('\t'))
  .join('\r\n');

journey('li keys in lines and pastes a block from Excel', async ({ on, step }) => {
  const li = await on('li', 'desktop');
  await li.login(`/f/${contract}/new`);
  const total = li.page.locator('#f-lines-box .fw-totals');
  const focused = (row, column) =>
    li.page.waitForFunction(
      ([r, c]) => {
        const td = document.activeElement?.closest('[data-row]');
        return td?.dataset.row === r && td.dataset.column === c;
      },
      [String(row), column],
    );

  await step('Tab, Enter and arrows move as in a spreadsheet', async () => {
    await (await control(li, 'name')).waitFor();
    await li.shot('empty');
    await addRow(li, 'lines');
    await type(li, await control(li, 'lines', 0, 'item'), '钢筋绑扎');
    await li.page.keyboard.press('Tab');
    await focused(0, 'unit');
    await li.page.keyboard.press('Tab');
    await focused(0, 'qty');
    await li.page.keyboard.type('12.5');
    await li.page.keyboard.press('Tab');
    await focused(0, 'price');
    await li.page.keyboard.type('100');
    await li.sees('¥1,250.00', total);
    await li.page.keyboard.press('Enter');
    await focused(1, 'price');
    await li.page.keyboard.press('ArrowLeft');
    await focused(1, 'qty');
    await li.page.keyboard.press('ArrowUp');
    await focused(0, 'qty');
    await li.shot('grid');
  });

  await step('a block copied from Excel fills the rows it needs', async () => {
    const target = await control(li, 'lines', 1, 'subject');
    await target.evaluate((el, text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', text);
      el.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
    }, block);
    await li.hears('已粘贴 3 行');
    assert.equal(await li.page.locator('#f-lines-box tbody tr').count(), 4);
    // 1250 + 455000 + 153931.13 + 27348
    await li.sees('¥637,529.13', total);
    await li.sees('02.01 商品混凝土', li.page.locator('#f-lines-box'));
    await li.page.locator('#f-lines-box').scrollIntoViewIfNeeded();
    await li.shot('pasted');
  });

  await step('the server has the same lines', async () => {
    await choose(li, await control(li, 'lines', 0, 'subject'), '钢筋工', '钢筋工');
    await choose(li, await control(li, 'project'), '临湖', '临湖花园一号楼');
    await type(li, await control(li, 'name'), '从 Excel 粘贴的合同');
    await choose(li, await control(li, 'type'), '', '材料采购');
    await choose(li, await control(li, 'party'), '恒建', '恒建');
    await li.shot('filled', { full: true });
    await li.press('存草稿');
    await li.page.waitForURL(/expense_contract\/(?!new)/);
    const id = new URL(li.page.url()).pathname.split('/').pop();
    const { body } = await li.api('GET', `/api/v1/forms/${contract}/records/${id}`);
    const lines = body.data.lines.map((l) => [l.item, l.unit, l.qty, l.price, l.amount]);
    assert.deepEqual(lines.slice(1), [
      ['C30 商品混凝土', 'm³', '1000', '455', '455000'],
      ['C40 商品混凝土', 'm³', '300.5', '512.25', '153931.13'],
      ['DM M10 砂浆', 't', '86', '318', '27348'],
    ]);
    assert.equal(body.data.amount, '637529.13');
  });
});

journey('files are sent with the form and open afterwards', async ({ on, step }) => {
  const li = await on('li', 'phone');
  await li.login();
  const record = await submitContract(li, '带附件的合同', { submit: false });
  const sheet = Buffer.from('清单项,数量\n螺纹钢,100\n');

  await step('li attaches a file on her phone', async () => {
    await li.open(`${pathOf(record)}/edit`);
    const input = await control(li, 'attachments');
    await input.setInputFiles({ name: '合同清单.csv', mimeType: 'text/csv', buffer: sheet });
    await li.page.getByRole('link', { name: /合同清单\.csv/ }).waitFor();
    await li.page.getByRole('link', { name: /合同清单\.csv/ }).scrollIntoViewIfNeeded();
    await li.shot('attached');
    await li.press('存草稿');
    await li.page.waitForURL(new RegExp(`${record.id}$`));
  });

  await step('it opens from the detail page, byte for byte', async () => {
    const link = li.page.getByRole('link', { name: /合同清单\.csv/ });
    await link.scrollIntoViewIfNeeded();
    await li.shot('detail');
    await link.evaluate((a) => a.removeAttribute('target'));
    const [download] = await Promise.all([li.page.waitForEvent('download'), li.press(link)]);
    assert.equal(download.suggestedFilename(), '合同清单.csv');
    assert.deepEqual(readFileSync(await download.path()), sheet);
  });
});

journey('the interface and the definitions switch between Chinese and English', async ({ on, step }) => {
  const li = await on('li', 'desktop');
  await li.login(`/f/${contract}`);
  await step('to English from the menu of the user', async () => {
    await li.press(li.page.locator('.fw-side-me'));
    await li.shot('menu');
    await li.press(li.page.getByRole('menuitem', { name: 'English' }));
    await li.page.getByRole('heading', { name: 'Expense contract' }).waitFor();
    await li.sees('Amount', li.page.locator('thead'));
    await li.shot('en-list');
  });
  await step('everything li meets is English', async () => {
    await li.open(`/f/${contract}/new`);
    await li.sees('Cost subject', li.page).catch(() => undefined);
    await li.page.getByRole('button', { name: 'Submit', exact: true }).click();
    await li.hears('need');
    await li.shot('en-form', { full: true });
    await li.open('/tasks?box=mine');
    await li.page.locator('.fw-task').first().waitFor();
    await li.press(li.page.locator('.fw-task').first());
    await li.press(li.page.getByRole('tab', { name: 'Approval' }));
    await li.page.locator('.fw-timeline').waitFor();
    await li.shot('en-task');
    await li.open('/me');
    await li.shot('en-me');
  });
  await step('and back to Chinese', async () => {
    await li.press(li.button('简体中文'));
    await li.sees('退出登录');
    await li.open(`/f/${contract}`);
    await li.page.getByRole('heading', { name: '支出合同' }).waitFor();
  });
});
