// The life of a contract above one million, from a phone to the archive.
import assert from 'node:assert/strict';
import { addRow, choose, control, shown, type } from './lib/fill.mjs';
import { suite } from './lib/suite.mjs';

const { journey } = suite('contract');
const form = '/f/cost.expense_contract';
const name = '一号楼主体结构混凝土与钢筋采购合同';

const lines = [
  { subject: '商品混凝土', item: 'C35 商品混凝土', qty: '1200', price: '480', total: '576,000.00' },
  { subject: '钢筋', item: 'HRB400E 钢筋', qty: '-120', price: '3865.5', total: '112,140.00' },
  { subject: '混凝土泵送', item: '汽车泵泵送', qty: '1000', price: '18.5', total: '130,640.00' },
];

journey(
  'li fills a contract with three lines on a phone; it passes everyone up to the archive',
  async ({ on, step }) => {
    const li = await on('li', 'phone');
    let record = '';

    await step('li logs in and opens the form from the home page', async () => {
      await li.open('/');
      await li.page.getByLabel('账号').waitFor();
      await li.shot('login');
      await li.login();
      await li.sees('成本合同');
      await li.shot('home');
      await li.press(li.button('新建 支出合同'));
      await control(li, 'name').then((c) => c.waitFor());
      await li.shot('form-empty');
    });

    await step('li fills the head', async () => {
      await choose(li, await control(li, 'project'), '临湖', '临湖花园一号楼');
      assert.match(await shown(li, 'manager'), /王磊/, 'the project brings its manager');
      await type(li, await control(li, 'name'), name);
      await choose(li, await control(li, 'type'), '', '材料采购');
      await choose(li, await control(li, 'party'), '恒建', '恒建');
      await li.shot('form-head');
    });

    await step('li adds three lines and sees the total follow while typing', async () => {
      for (const [i, line] of lines.entries()) {
        await addRow(li, 'lines');
        const cell = (column) => control(li, 'lines', i, column);
        await choose(li, await cell('subject'), line.subject, line.subject);
        await type(li, await cell('item'), line.item);
        await type(li, await cell('qty'), line.qty);
        await type(li, await cell('price'), line.price);
        // The focus is still in the price.
        await li.sees(line.total, li.page.locator('#f-lines-box .fw-totals'));
      }
      await li.page.locator('#f-lines-box').scrollIntoViewIfNeeded();
      await li.shot('form-lines', { full: true });
    });

    await step('the negative quantity is refused, comes into sight and has the focus', async () => {
      await li.press('提交');
      await li.hears('处需要修改');
      const bad = await control(li, 'lines', 1, 'qty');
      await li.page.waitForFunction((e) => document.activeElement === e, await bad.elementHandle());
      const box = await bad.boundingBox();
      assert.ok(box.y > 0 && box.y + box.height < 844, `the field is in sight (at ${box.y})`);
      assert.equal(await bad.getAttribute('aria-invalid'), 'true');
      await li.shot('error-negative');
      await type(li, bad, '120');
      await li.sees('1,058,360.00', li.page.locator('#f-lines-box .fw-totals'));
      assert.match(await shown(li, 'amount_cn'), /壹佰零伍万捌仟叁佰陆拾元整/);
    });

    await step('li sees who will decide, and submits', async () => {
      await li.sees('总经理审批', li.page.locator('.fw-predict'));
      await li.page.locator('.fw-predict').scrollIntoViewIfNeeded();
      await li.shot('form-predict');
      await li.press('提交');
      await li.page.waitForURL(/cost\.expense_contract\/(?!new)/);
      record = new URL(li.page.url()).pathname;
      await li.sees('等待 王磊 处理');
      await li.shot('submitted');
    });

    const wang = await on('wang', 'phone');
    await step('wang finds it in his to-dos and approves in two taps', async () => {
      await wang.login('/tasks');
      const card = wang.page.locator('.fw-task', { hasText: name });
      await card.waitFor();
      await wang.shot('todo');
      await wang.press(card);
      await wang.button('同意').waitFor();
      await wang.shot('task');
      await wang.press('同意');
      await wang.sheet.waitFor();
      await wang.shot('approve');
      await wang.press(wang.sheet.locator('.fw-sheet-foot').getByRole('button', { name: '同意' }));
      await wang.hears('已同意');
      await card.waitFor({ state: 'detached' });
    });

    await step('chen and zhao decide at the same time; chen must give his opinion', async () => {
      const [chen, zhao] = [await on('chen', 'desktop'), await on('zhao', 'desktop')];
      await Promise.all([openTask(chen), openTask(zhao)]);
      await chen.shot('task');
      await chen.press('同意');
      await chen.press(chen.sheet.locator('.fw-sheet-foot').getByRole('button', { name: '同意' }));
      const opinion = chen.sheet.locator('#f-legal_opinion');
      await chen.page.waitForFunction((e) => document.activeElement === e, await opinion.elementHandle());
      await chen.shot('opinion-missing');
      await type(chen, opinion, '违约责任条款已按公司范本修改，可以签订');
      await zhao.press('同意');
      await zhao.sheet.waitFor();
      await zhao.shot('approve');
      await Promise.all([
        chen.press(chen.sheet.locator('.fw-sheet-foot').getByRole('button', { name: '同意' })),
        zhao.press(zhao.sheet.locator('.fw-sheet-foot').getByRole('button', { name: '同意' })),
      ]);
      await Promise.all([chen.hears('已同意'), zhao.hears('已同意')]);
    });

    await step('zhang approves what is above one million', async () => {
      const zhang = await on('zhang', 'phone');
      await zhang.login('/tasks');
      await zhang.press(zhang.page.locator('.fw-task', { hasText: name }));
      await zhang.press('同意');
      await type(zhang, zhang.sheet.getByRole('textbox'), '同意签订，注意控制进场节奏');
      await zhang.press(zhang.sheet.locator('.fw-sheet-foot').getByRole('button', { name: '同意' }));
      await zhang.hears('已同意');
    });

    await step('chen seals it with the archive number', async () => {
      const chen = await on('chen', 'desktop');
      await openTask(chen);
      await chen.press('已用印归档');
      const archive = chen.sheet.locator('#f-archive_no');
      await archive.waitFor();
      await chen.sheet.waitFor();
      await chen.shot('seal');
      await type(chen, archive, 'GD-2026-0117');
      await chen.press(chen.sheet.locator('.fw-sheet-foot').getByRole('button', { name: '已用印归档' }));
      await chen.hears('已办理');
    });

    await step('li sees the timeline and the tree with the verdicts of all', async () => {
      await li.open(record);
      await li.sees('已通过');
      await li.shot('approved', { full: true });
      await li.press(li.page.getByRole('tab', { name: '流程' }));
      const timeline = li.page.locator('.fw-timeline');
      for (const who of ['李娜', '王磊', '陈思远', '赵敏', '张建国']) await li.sees(who, timeline);
      await li.sees('同意签订，注意控制进场节奏', timeline);
      await li.shot('timeline', { full: true });
      await li.press('流程图');
      const tree = li.page.locator('.fw-flow');
      for (const who of ['王磊', '陈思远', '赵敏', '张建国']) await li.sees(who, tree);
      await li.shot('tree', { full: true });
      await li.press(li.page.getByRole('tab', { name: '变更记录' }));
      await li.sees('GD-2026-0117');
      await li.shot('history', { full: true });
    });

    await step('wu sees nothing of it', async () => {
      const wu = await on('wu', 'desktop');
      await wu.login(form);
      await wu.page.locator('table').waitFor();
      await wu.shot('list');
      assert.equal(await wu.page.getByText(name).count(), 0, 'not in the list');
      await type(wu, wu.page.getByRole('searchbox'), name);
      await wu.sees('没有符合条件的数据');
      await wu.shot('search');
      for (const box of ['todo', 'done', 'mine', 'cc']) {
        await wu.open(`/tasks?box=${box}`);
        await wu.page.locator('.fw-task, .fw-state').first().waitFor();
        assert.equal(await wu.page.getByText(name).count(), 0, `not in ${box}`);
      }
      wu.expect(404, /\/api\/v1\/(forms|cases)\//);
      await wu.open(record);
      await wu.sees('内容不存在，或您无权查看');
      await wu.shot('direct');
    });

    async function openTask(p) {
      await p.login('/tasks');
      await p.press(p.page.locator('.fw-task', { hasText: name }));
      await p.page.getByRole('heading', { name: new RegExp(name) }).waitFor();
    }
  },
);
