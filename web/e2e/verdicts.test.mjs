// What else may become of a request: rejected, returned, withdrawn, transferred.
import assert from 'node:assert/strict';
import { choose, control, type } from './lib/fill.mjs';
import { confirmButton, decide, openTask, pathOf, submitContract } from './lib/story.mjs';
import { suite } from './lib/suite.mjs';

const { journey } = suite('verdicts');

journey('zhao rejects and must say why; li reads it', async ({ on, step }) => {
  const [li, wang, zhao] = await Promise.all([on('li', 'phone'), on('wang', 'phone'), on('zhao', 'desktop')]);
  await Promise.all([li.login(), wang.login(), zhao.login()]);
  const name = '被拒绝的钢筋合同';
  const record = await submitContract(li, name);
  await decide(wang, record.id, 'approve');

  await step('without a comment the rejection is refused and the comment has the focus', async () => {
    await openTask(zhao, name);
    await zhao.press('拒绝');
    await zhao.press(confirmButton(zhao, '拒绝'));
    await zhao.sees('请填写审批意见', zhao.sheet);
    const comment = zhao.sheet.getByLabel(/审批意见/);
    await zhao.page.waitForFunction((e) => document.activeElement === e, await comment.elementHandle());
    await zhao.shot('reject-no-comment');
    await type(zhao, comment, '付款比例超过公司规定');
    await zhao.press(confirmButton(zhao, '拒绝'));
    await zhao.hears('已拒绝');
  });

  await step('li sees the verdict and the reason', async () => {
    await li.open(pathOf(record));
    await li.sees('已拒绝', li.page.locator('.fw-record-name'));
    await li.press(li.page.getByRole('tab', { name: '流程' }));
    await li.sees('付款比例超过公司规定');
    await li.shot('rejected', { full: true });
  });
});

journey('wang returns it; li changes the quantity and submits again', async ({ on, step }) => {
  const [li, wang] = await Promise.all([on('li', 'phone'), on('wang', 'phone')]);
  await Promise.all([li.login(), wang.login()]);
  const name = '退回修改的钢筋合同';
  const record = await submitContract(li, name);

  await step('wang returns it to li', async () => {
    await openTask(wang, name);
    await wang.press('更多');
    await wang.sheet.waitFor();
    await wang.shot('more');
    await wang.press(wang.sheet.getByRole('button', { name: '退回', exact: true }));
    await wang.sheet.waitFor();
    await wang.shot('return');
    await type(wang, wang.sheet.getByRole('textbox'), '数量与图纸不符，请核对');
    await wang.press(confirmButton(wang, '退回'));
    await wang.hears('已退回');
  });

  await step('li corrects it and submits again', async () => {
    await li.open(pathOf(record));
    await li.sees('已退回', li.page.locator('.fw-record-name'));
    await li.shot('returned');
    await li.press('重新提交');
    const qty = await control(li, 'lines', 0, 'qty');
    await qty.waitFor();
    await type(li, qty, '80');
    await li.shot('correct');
    await li.press('重新提交');
    await li.page.waitForURL(new RegExp(`${record.id}$`));
    await li.sees('¥80,000.00');
    await li.sees('审批中');
  });

  await step('wang sees the change and approves', async () => {
    await openTask(wang, name);
    await wang.sees('¥80,000.00');
    await wang.press(wang.page.getByRole('tab', { name: '变更记录' }));
    await wang.shot('history', { full: true });
    await wang.press('同意');
    await wang.press(confirmButton(wang, '同意'));
    await wang.hears('已同意');
  });
});

journey('li withdraws before anyone decided; wang has it no more', async ({ on, step }) => {
  const [li, wang] = await Promise.all([on('li', 'phone'), on('wang', 'desktop')]);
  await Promise.all([li.login(), wang.login()]);
  const name = '撤回的钢筋合同';
  const record = await submitContract(li, name);
  await openTask(wang, name);

  await step('li withdraws', async () => {
    await li.open(pathOf(record));
    await li.press('撤回');
    await li.sheet.waitFor();
    await li.shot('withdraw');
    await li.press(confirmButton(li, '确定'));
    await li.hears('已撤回');
    await li.sees('已撤回', li.page.locator('.fw-record-name'));
    await li.shot('withdrawn');
  });

  await step('wang, who still has it open, is told when he approves', async () => {
    wang.expect(404, /\/tasks\//);
    wang.expect(409, /\/tasks\//);
    wang.expect(404, /\/(records|cases)\//);
    await wang.press('同意');
    await wang.press(confirmButton(wang, '同意'));
    await wang.hears('李娜 已于');
    await wang.shot('gone');
    await wang.open('/tasks');
    await wang.page.locator('.fw-task, .fw-state').first().waitFor();
    assert.equal(await wang.page.locator('.fw-task', { hasText: name }).count(), 0);
  });
});

journey('wang transfers to zhang, who decides in his place', async ({ on, step }) => {
  const [li, wang, zhang] = await Promise.all([on('li', 'phone'), on('wang', 'phone'), on('zhang', 'phone')]);
  await Promise.all([li.login(), wang.login(), zhang.login()]);
  const name = '转交的钢筋合同';
  const record = await submitContract(li, name);

  await step('wang chooses zhang', async () => {
    await openTask(wang, name);
    await wang.press('更多');
    await wang.press(wang.sheet.getByRole('button', { name: '转交', exact: true }));
    await choose(wang, wang.sheet.locator('.fw-trigger'), '张', '张建国');
    await wang.sheet.waitFor();
    await wang.shot('transfer');
    await type(wang, wang.sheet.getByRole('textbox'), '出差，请代为审批');
    await wang.press(confirmButton(wang, '转交'));
    await wang.hears('已转交');
  });

  await step('zhang approves', async () => {
    await openTask(zhang, name);
    await zhang.press('同意');
    await zhang.press(confirmButton(zhang, '同意'));
    await zhang.hears('已同意');
  });

  await step('the timeline tells both', async () => {
    await li.open(pathOf(record));
    await li.press(li.page.getByRole('tab', { name: '流程' }));
    await li.sees('出差，请代为审批');
    await li.sees('→ 张建国');
    await li.shot('timeline', { full: true });
  });
});
