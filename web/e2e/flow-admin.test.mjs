// An administrator's hand on a case, and the answers to "why".
import { choose, type } from './lib/fill.mjs';
import { confirmButton, pathOf } from './lib/story.mjs';
import { suite } from './lib/suite.mjs';
import { openFlow, startTrial, submitRequest } from './lib/trial.mjs';

const { journey } = suite('flow-admin', startTrial);

/** Opens an action from the administrator's menu. */
async function adminAction(p, name) {
  await p.press('管理');
  await p.press(p.page.getByRole('menuitem', { name, exact: true }));
  await p.sheet.getByRole('heading', { name, exact: true }).waitFor();
}

journey('admin suspends, resumes, reassigns, moves and ends a case', async ({ on, step }) => {
  const [li, admin, sun] = await Promise.all([on('li', 'phone'), on('admin', 'desktop'), on('sun', 'phone')]);
  await Promise.all([li.login(), admin.login(), sun.login()]);
  const record = await submitRequest(li, '管理的用款申请');
  await admin.open(pathOf(record));

  await step('suspended: nobody can act, and it says so', async () => {
    await adminAction(admin, '挂起');
    await admin.press(confirmButton(admin, '挂起'));
    await admin.sees('请填写原因', admin.sheet);
    await type(admin, admin.sheet.getByRole('textbox'), '等待预算批复');
    await admin.shot('suspend');
    await admin.press(confirmButton(admin, '挂起'));
    await admin.hears('已挂起');
    await li.open(pathOf(record));
    await li.sees('已挂起', li.page.locator('.fw-record-name'));
    await openFlow(li, '流程图');
    await li.sees('计时已暂停');
    await li.shot('suspended', { full: true });
  });

  await step('resumed and reassigned to sun', async () => {
    await adminAction(admin, '恢复');
    await admin.press(confirmButton(admin, '恢复'));
    await admin.hears('已恢复');
    await adminAction(admin, '改派处理人');
    await choose(admin, admin.sheet.locator('.ant-select').first(), '孙大勇', '孙大勇');
    await type(admin, admin.sheet.getByRole('textbox').last(), '王磊出差');
    await admin.shot('reassign');
    await admin.press(confirmButton(admin, '改派处理人'));
    await admin.hears('已改派');
    await sun.open('/tasks');
    await sun.page.locator('.fw-task', { hasText: '管理的用款申请' }).waitFor();
  });

  await step('moved to the signature, then ended', async () => {
    await adminAction(admin, '跳转到环节');
    await admin.press(admin.sheet.getByText('签字', { exact: true }));
    await type(admin, admin.sheet.getByRole('textbox').last(), '已线下核对');
    await admin.shot('jump');
    await admin.press(confirmButton(admin, '跳转到环节'));
    await admin.hears('已跳转');
    await admin.sees('等待 赵敏 处理');
    await adminAction(admin, '终止流程');
    await type(admin, admin.sheet.getByRole('textbox').last(), '重复申请');
    await admin.press(confirmButton(admin, '终止流程'));
    await admin.hears('已终止');
    await openFlow(admin);
    await admin.sees('重复申请');
    await admin.shot('ended', { full: true });
  });
});

journey('li asks why she may not, and why these people', async ({ on, step }) => {
  const li = await on('li', 'desktop');
  await li.login();
  const record = await submitRequest(li, '解释的用款申请');
  await li.open(pathOf(record));

  await step('an operation she may not do', async () => {
    await li.press('单据菜单');
    await li.press(li.page.getByRole('menuitem', { name: /^为什么我能/ }));
    await li.press(li.sheet.getByRole('button', { name: /^修改/ }));
    await li.page.locator('.fw-explain-ground').first().waitFor();
    await li.shot('explain');
    await li.press(li.sheet.getByRole('tab', { name: '字段' }));
    await li.press(li.sheet.getByRole('button', { name: /^金额/ }));
    await li.page.locator('.fw-explain-ground').first().waitFor();
    await li.shot('explain-field');
    await li.page.keyboard.press('Escape');
  });

  await step('the people of the check', async () => {
    await openFlow(li, '流程图');
    await li.press(li.button('为什么是这些人').first());
    await li.sees('王磊', li.sheet);
    await li.shot('why');
  });
});

journey('the manager looks where requests wait', async ({ on, step }) => {
  const [li, admin] = await Promise.all([on('li', 'phone'), on('admin', 'desktop')]);
  await Promise.all([li.login(), admin.login()]);
  await submitRequest(li, '统计的用款申请');
  await step('from the list to the analytics', async () => {
    await admin.open('/f/trial.request');
    await admin.press('流程分析');
    await admin.page.getByRole('heading', { name: '当前瓶颈' }).waitFor();
    await admin.sees('核对', admin.page.locator('.fw-stats-part').first());
    await admin.shot('stats', { full: true });
    await admin.press('近 7 天');
    await admin.page.getByRole('heading', { name: '当前瓶颈' }).waitFor();
  });
});
