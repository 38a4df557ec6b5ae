// Many tasks at once: batches, decisions from the list, delegations, and the user's own pages.
import assert from 'node:assert/strict';
import { choose, type } from './lib/fill.mjs';
import { confirmButton, pathOf } from './lib/story.mjs';
import { suite } from './lib/suite.mjs';
import { openFlow, startTrial, submitRequest } from './lib/trial.mjs';

const { journey } = suite('task-centre', startTrial);

const card = (p, text) => p.page.locator('.fw-task', { hasText: text });

journey('wang approves two at once and one from the list', async ({ on, step }) => {
  const [li, wang] = await Promise.all([on('li', 'phone'), on('wang', 'desktop')]);
  await Promise.all([li.login(), wang.login()]);
  for (const n of ['一', '二', '三']) await submitRequest(li, `批量申请${n}`);

  await step('several', async () => {
    await wang.open('/tasks');
    await card(wang, '批量申请一').waitFor();
    await wang.press('批量处理');
    for (const n of ['一', '二']) await wang.press(card(wang, `批量申请${n}`).getByRole('checkbox'));
    await wang.sees('已选 2 条');
    await wang.shot('chosen');
    await wang.press(wang.page.locator('.fw-batch').getByRole('button', { name: '同意', exact: true }));
    await type(wang, wang.sheet.getByRole('textbox'), '统一同意');
    await wang.press(confirmButton(wang, '同意'));
    await wang.sees('2 条已处理', wang.sheet);
    await wang.shot('results');
    await wang.press(confirmButton(wang, '完成'));
    await card(wang, '批量申请一').waitFor({ state: 'detached' });
  });

  await step('one, from its row', async () => {
    await wang.press(card(wang, '批量申请三').getByRole('button', { name: /^同意/ }));
    await wang.sheet.waitFor();
    await wang.shot('quick');
    await wang.press(confirmButton(wang, '同意'));
    await wang.hears('已同意');
    await card(wang, '批量申请三').waitFor({ state: 'detached' });
  });

  await step('an empty list says so, and the pane beside it does not ask to choose', async () => {
    await wang.press(wang.page.getByRole('tab', { name: '委托', exact: true }));
    await wang.sees('没有由他人代办的任务');
    await wang.sees('这里还没有内容');
    await wang.shot('nothing-delegated');
  });
});

journey('wang goes away: zhang handles his tasks, until wang ends it', async ({ on, step }) => {
  const [li, wang, zhang] = await Promise.all([on('li', 'phone'), on('wang', 'phone'), on('zhang', 'desktop')]);
  await Promise.all([li.login(), wang.login(), zhang.login()]);

  await step('wang sets the delegation on his phone', async () => {
    await wang.open('/me');
    await wang.press(wang.page.getByRole('button', { name: /我的委托/ }));
    await wang.press('新建委托');
    await wang.press(confirmButton(wang, '保存'));
    await wang.sees('请选择委托给谁', wang.sheet);
    await choose(wang, wang.sheet.locator('.fw-trigger').first(), '张建国', '张建国');
    await wang.press(confirmButton(wang, '保存'));
    await wang.sees('请填写开始和结束时间', wang.sheet);
    await wang.shot('delegation-form');
    const from = new Date(Date.now() - 60_000).toISOString();
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const made = await wang.api('POST', '/api/v1/delegations', { delegate: 'zhang', from, until, note: '出差' });
    assert.equal(made.status, 201, JSON.stringify(made.body));
    await wang.open('/me/delegations');
    await wang.sees('生效中');
    await wang.shot('delegations');
  });

  const name = '代办的用款申请';
  const record = await submitRequest(li, name);

  await step('zhang has it, and is told for whom', async () => {
    await zhang.open('/tasks');
    await card(zhang, name).waitFor();
    await zhang.sees('代 王磊 处理', card(zhang, name));
    await zhang.press(card(zhang, name).locator('.fw-task-main'));
    await zhang.shot('stands-in');
    await zhang.press('同意');
    await zhang.press(confirmButton(zhang, '同意'));
    await zhang.hears('已同意');
  });

  await step('the timeline says who decided in whose place', async () => {
    await li.open(pathOf(record));
    await openFlow(li);
    await li.sees('张建国 代 王磊');
    await li.shot('in-place', { full: true });
  });

  await step('wang ends it', async () => {
    await wang.press('提前结束');
    await wang.press(confirmButton(wang, '提前结束'));
    await wang.hears('委托已结束');
    await wang.sees('已结束');
  });
});

journey('phrases are kept and put into a comment; another device is signed out', async ({ on, step }) => {
  const [li, wang, other] = await Promise.all([on('li', 'phone'), on('wang', 'phone'), on('wang', 'desktop')]);
  await Promise.all([li.login(), wang.login(), other.login()]);
  const record = await submitRequest(li, '常用语的申请');

  await step('wang keeps a phrase and uses it', async () => {
    await wang.open('/me/phrases');
    await type(wang, wang.page.getByLabel('输入一条常用语'), '按预算执行');
    await wang.press('添加');
    await wang.page.getByRole('button', { name: /^删除常用语“按预算执行/ }).waitFor();
    await wang.shot('phrases');
    await wang.open(pathOf(record));
    await wang.press('同意');
    await wang.press(wang.sheet.getByRole('button', { name: '按预算执行' }));
    assert.equal(await wang.sheet.getByRole('textbox').last().inputValue(), '按预算执行');
    await wang.press(confirmButton(wang, '取消'));
  });

  await step('wang signs out everywhere else', async () => {
    await wang.open('/me/sessions');
    await wang.sees('当前设备');
    await wang.shot('sessions');
    await wang.press('退出其他所有设备');
    await wang.press(confirmButton(wang, '退出'));
    await wang.hears('已退出');
    other.expect(401, /\/api\//);
    await other.open('/tasks');
    await other.page.getByLabel('账号').waitFor();
  });
});

journey('li comments on a partner, names zhao and adds a file', async ({ on, step }) => {
  const li = await on('li', 'desktop');
  await li.login();
  const list = await li.api('GET', '/api/v1/forms/base.party/records?limit=1');
  await li.open(`/f/base.party/${list.body.items[0].id}`);

  await step('a comment with a name', async () => {
    await li.press(li.page.getByRole('tab', { name: '评论', exact: true }));
    const box = li.page.getByLabel('写评论');
    await box.click();
    await li.page.keyboard.insertText('账号已变更 ');
    await li.press('@ 提醒某人');
    await type(li, li.sheet.getByRole('searchbox'), '赵敏');
    await li.press(li.sheet.getByRole('option', { name: /赵敏/ }).first());
    const note = { name: '变更通知.txt', mimeType: 'text/plain', buffer: Buffer.from('新账号') };
    await li.page.locator('.fw-comments input[type=file]').setInputFiles(note);
    await li.page.getByRole('link', { name: /变更通知/ }).waitFor();
    await li.press('评论');
    await li.page.locator('.fw-mention', { hasText: '@赵敏' }).waitFor();
    await li.page
      .locator('.fw-tl-files')
      .getByRole('link', { name: /变更通知/ })
      .waitFor();
    await li.shot('comments');
  });
});
