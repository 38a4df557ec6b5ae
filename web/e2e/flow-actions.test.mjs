// What an approver can do beside yes and no: ask others, add them, take back, sign.
import assert from 'node:assert/strict';
import { choose, type } from './lib/fill.mjs';
import { confirmButton, openTask, pathOf } from './lib/story.mjs';
import { suite } from './lib/suite.mjs';
import { approveAs, openAction, openFlow, startTrial, submitRequest } from './lib/trial.mjs';

const { journey } = suite('flow-actions', startTrial);

/** The control of people in the open sheet: a trigger on a phone, a drop-down on a desktop. */
const people = (p) => p.sheet.locator(p.phone ? '.fw-trigger' : '.ant-select').first();

journey('wang adds a signer before him and names li; sun gives an opinion; wang decides', async ({ on, step }) => {
  const [li, wang, sun] = await Promise.all([on('li', 'phone'), on('wang', 'desktop'), on('sun', 'phone')]);
  await Promise.all([li.login(), wang.login(), sun.login()]);
  const name = '加签的用款申请';
  const record = await submitRequest(li, name);

  await step('wang adds sun', async () => {
    await openTask(wang, name);
    await openAction(wang, '加签');
    await wang.press(confirmButton(wang, '加签'));
    await wang.sees('请选择人员', wang.sheet);
    await choose(wang, people(wang), '孙大勇', '孙大勇');
    await wang.page.keyboard.press('Escape');
    const comment = wang.sheet.getByRole('textbox');
    await comment.click();
    await wang.page.keyboard.insertText('请核对数量 ');
    // A typed @ opens the choice of people.
    await wang.page.keyboard.type('@');
    await type(wang, wang.sheet.getByRole('searchbox'), '李娜');
    await wang.press(wang.sheet.getByRole('option', { name: /李娜/ }).first());
    assert.equal(await wang.sheet.getByRole('textbox').inputValue(), '请核对数量 @李娜 ');
    await wang.shot('add-signer');
    await wang.press(confirmButton(wang, '加签'));
    await wang.hears('已加签');
  });

  await step('sun answers on her phone', async () => {
    await openTask(sun, name);
    await sun.press('同意');
    await type(sun, sun.sheet.getByRole('textbox').last(), '数量无误');
    await sun.press(confirmButton(sun, '同意'));
    await sun.hears('已同意');
  });

  await step('wang is asked again and decides', async () => {
    await openTask(wang, name);
    await openFlow(wang, '流程图');
    await wang.sees('意见：同意');
    await wang.sees('前加签');
    await wang.shot('asked-again', { full: true });
    await wang.press('同意');
    await wang.press(confirmButton(wang, '同意'));
    await wang.hears('已同意');
  });

  await step('li reads who was added and that she was mentioned', async () => {
    await li.open(pathOf(record));
    await openFlow(li);
    await li.sees('→ 孙大勇');
    await li.page.locator('.fw-mention', { hasText: '@李娜' }).waitFor();
    await li.shot('timeline', { full: true });
  });
});

journey('wang asks zhang for an opinion, agrees, and takes it back', async ({ on, step }) => {
  const [li, wang, zhang] = await Promise.all([on('li', 'phone'), on('wang', 'phone'), on('zhang', 'desktop')]);
  await Promise.all([li.login(), wang.login(), zhang.login()]);
  const name = '委托的用款申请';
  const record = await submitRequest(li, name);

  await step('wang delegates', async () => {
    await openTask(wang, name);
    await openAction(wang, '委托');
    await choose(wang, people(wang), '张建国', '张建国');
    await wang.sheet.getByText('请对方先给出意见').waitFor();
    await wang.shot('delegate');
    await wang.press(confirmButton(wang, '委托'));
    await wang.hears('已委托');
  });

  await step('zhang gives his opinion', async () => {
    await openTask(zhang, name);
    await zhang.press('拒绝');
    await type(zhang, zhang.sheet.getByRole('textbox').last(), '金额偏高，建议复核');
    await zhang.press(confirmButton(zhang, '拒绝'));
    await zhang.hears('已拒绝');
  });

  await step('it decides nothing: wang is asked again, agrees, and takes it back', async () => {
    await openTask(wang, name);
    await wang.press('同意');
    await wang.press(confirmButton(wang, '同意'));
    await wang.hears('已同意');
    await wang.open(pathOf(record));
    await openAction(wang, '拿回');
    await wang.shot('take-back');
    await wang.press(confirmButton(wang, '拿回'));
    await wang.hears('已拿回');
    await wang.button('同意').waitFor();
    await openFlow(wang);
    await wang.sees('金额偏高，建议复核');
    await wang.shot('taken-back', { full: true });
  });
});

journey('zhou returns a countersign; li sends it straight back; only the countersign is asked again', async (j) => {
  const { on, step, world } = j;
  const [li, wang, zhou] = await Promise.all([on('li', 'phone'), on('wang', 'phone'), on('zhou', 'desktop')]);
  await Promise.all([li.login(), wang.login(), zhou.login()]);
  const name = '退回的用款申请';
  const record = await submitRequest(li, name);
  await approveAs(world, record.id, 'wang', 'chen');

  await step('zhou returns it to the start', async () => {
    await openTask(zhou, name);
    await openFlow(zhou, '流程图');
    await zhou.sees('同意 1/3');
    await openAction(zhou, '退回');
    await zhou.press(zhou.sheet.getByText('发起', { exact: true }));
    await type(zhou, zhou.sheet.getByRole('textbox').last(), '请补充报价');
    await zhou.shot('return');
    await zhou.press(confirmButton(zhou, '退回'));
    await zhou.hears('已退回');
  });

  await step('li chooses the straight way', async () => {
    await li.open(pathOf(record));
    await li.press('重新提交');
    await li.button('重新提交').waitFor();
    await li.press('重新提交');
    await li.sees('直接回到退回环节（会签）', li.sheet);
    await li.shot('which-way');
    await li.press(confirmButton(li, '重新提交'));
    await li.page.waitForURL(new RegExp(`${record.id}$`));
    await li.sees('审批中');
  });

  await step('the check is not asked again, nor is chen', async () => {
    await li.sees('等待 周婷、吴昊 处理');
    const todo = await wang.api('GET', '/api/v1/tasks?box=todo');
    assert.equal(todo.body.items.filter((x) => x.record === record.id).length, 0);
  });
});

journey('zhao signs by hand; the signature stands in the timeline', async ({ on, step, world }) => {
  const [li, zhao] = await Promise.all([on('li', 'phone'), on('zhao', 'phone')]);
  await Promise.all([li.login(), zhao.login()]);
  const name = '签字的用款申请';
  const record = await submitRequest(li, name);
  await approveAs(world, record.id, 'wang', 'chen', 'zhou', 'wu');

  await step('without a signature it is refused', async () => {
    await openTask(zhao, name);
    await zhao.press('同意');
    await zhao.press(confirmButton(zhao, '同意'));
    await zhao.sees('请先签名', zhao.sheet);
  });

  await step('zhao draws it and approves', async () => {
    const pad = zhao.sheet.locator('canvas');
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    await zhao.page.mouse.move(box.x + 40, box.y + 80);
    await zhao.page.mouse.down();
    for (const [x, y] of [
      [90, 40],
      [120, 110],
      [170, 50],
      [240, 90],
    ])
      await zhao.page.mouse.move(box.x + x, box.y + y);
    await zhao.page.mouse.up();
    await zhao.shot('signature');
    await zhao.press(confirmButton(zhao, '同意'));
    await zhao.hears('已同意');
  });

  await step('everybody sees it', async () => {
    await li.open(pathOf(record));
    await li.sees('已通过');
    await openFlow(li);
    const picture = li.page.getByRole('img', { name: '手写签名' });
    await picture.waitFor();
    await picture.scrollIntoViewIfNeeded();
    await li.page.waitForFunction((e) => e.complete && e.naturalWidth > 0, await picture.elementHandle());
    await li.shot('signed', { full: true });
  });
});

journey('li must name the head when the amount is large', async ({ on, step }) => {
  const li = await on('li', 'phone');
  await li.login('/f/trial.request/new');

  await step('the submit asks for him', async () => {
    await type(li, li.page.locator('[id="f-name"]'), '指定领导的用款申请');
    await type(li, li.page.locator('[id="f-amount"]'), '20000');
    await li.press('提交');
    await li.sees('指定领导审批的处理人', li.sheet);
    await li.press(confirmButton(li, '提交'));
    await li.sees('请选择人员', li.sheet);
    await li.press(li.sheet.getByText('张建国'));
    await li.shot('choose');
    await li.press(confirmButton(li, '提交'));
    await li.page.waitForURL(/trial\.request\/(?!new)/);
  });

  await step('the diagram says who it will be, and why this way', async () => {
    await openFlow(li, '流程图');
    await li.sees('一万元及以上');
    await li.shot('diagram', { full: true });
  });
});
