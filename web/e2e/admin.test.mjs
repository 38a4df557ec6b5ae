// The organisation in an administrator's hands: security, calendars, rights explained, the log.
import assert from 'node:assert/strict';
import { type } from './lib/fill.mjs';
import { password } from './lib/person.mjs';
import { suite } from './lib/suite.mjs';
import { totp } from './lib/totp.mjs';

const { journey } = suite('admin');

journey('an administrator sets the rules and reads the log', async ({ on, step }) => {
  const admin = await on('admin', 'desktop');
  await admin.login('/admin');
  const open = async (section) => {
    await admin.press(admin.page.getByRole('tab', { name: section }));
    await admin.settled();
  };

  await step('the rules of passwords and networks', async () => {
    await open('安全');
    await type(admin, admin.page.getByLabel('最少字符数'), '10');
    await type(admin, admin.page.getByLabel('全部访问'), 'nonsense');
    admin.expect(422, /\/admin\/v1\/settings/);
    await admin.press('保存');
    await admin.sees('“nonsense”不是有效的地址或网段');
    await type(admin, admin.page.getByLabel('全部访问'), '203.0.113.0/24');
    await admin.press('保存');
    await admin.sees('保存后您将无法访问');
    await admin.shot('security', { full: true });
    await admin.page.getByLabel('全部访问').fill('');
    await admin.press('保存');
    await admin.hears('已保存');
  });

  await step('a working calendar', async () => {
    await open('工作日历');
    await admin.press('新建日历');
    await type(admin, admin.page.getByLabel('标识'), 'site_1');
    await type(admin, admin.page.getByLabel('名称'), '一号楼工地');
    await type(admin, admin.page.getByLabel('周六'), '08:00-12:00');
    await type(admin, admin.page.getByLabel('节假日'), '2026-02-30 没有这一天');
    await admin.press('保存');
    await admin.sees('第 1 行的日期不正确');
    await type(admin, admin.page.getByLabel('节假日'), '2026-10-01~2026-10-07 国庆节');
    await admin.shot('calendar');
    await admin.press('保存');
    await admin.sees('7 个节假日');
    await admin.shot('calendars');
  });

  await step('why somebody may, or may not', async () => {
    const { body } = await admin.api('GET', '/api/v1/forms/cost.expense_contract/records?limit=1');
    const id = body.items[0].id;
    await admin.open(`/admin/explain?user=wu&form=cost.expense_contract&record=${id}`);
    await admin.page.getByRole('region', { name: '操作' }).waitFor();
    await admin.sees('不可以', admin.page.getByRole('region', { name: '操作' }));
    await admin.shot('explain', { full: true });
    await admin.press(admin.page.getByRole('button', { name: /^查看/ }).first());
    await admin.page.locator('.fw-adm-why li').first().waitFor();
    await admin.shot('explain-why');
    await admin.press('关闭');
  });

  await step('the log, by person and action', async () => {
    await open('审计日志');
    await admin.page.locator('tbody tr').first().waitFor();
    await admin.shot('audit');
    await type(admin, admin.page.getByPlaceholder('搜索标题或详情'), '没有这样的标题');
    await admin.sees('没有符合条件的记录');
    await admin.shot('audit-none');
  });

  await step('jobs that failed', async () => {
    await open('后台任务');
    await admin.sees('没有失败的任务');
    await admin.shot('jobs');
  });
});

journey('li protects her account with a second factor', async ({ on, step }) => {
  const li = await on('li', 'phone');
  await li.login('/me/security');
  let secret = '';
  let codes = [];

  await step('she turns it on', async () => {
    await li.press(li.page.getByRole('button', { name: /开启两步验证/ }));
    await type(li, li.sheet.getByLabel('请输入密码确认是您本人'), password);
    await li.press('下一步');
    secret = (await li.sheet.locator('.fw-enrol-secret').innerText()).trim();
    await li.shot('enrol', { full: true });
    await type(li, li.sheet.getByLabel('验证码'), totp(secret, -1));
    await li.press(li.sheet.getByRole('button', { name: '开启', exact: true }));
    await li.sheet.locator('.fw-recovery li').first().waitFor();
    codes = await li.sheet.locator('.fw-recovery code').allInnerTexts();
    assert.equal(codes.length, 10);
    await li.shot('codes');
    await li.press('我已保存');
    await li.sees('已开启');
  });

  await step('from now on the password is not enough', async () => {
    const desk = await on('li', 'desktop');
    await desk.open('/login');
    await desk.page.getByLabel('账号').fill('li');
    await desk.page.getByLabel('密码', { exact: true }).fill(password);
    await desk.press(desk.page.getByRole('button', { name: '登录', exact: true }));
    desk.expect(422, /session\/totp/);
    const code = desk.page.getByLabel('验证码');
    await code.fill('000000');
    await desk.press('验证');
    await desk.sees('验证码不正确或已使用');
    await desk.shot('step');
    await code.fill(totp(secret));
    await desk.press('验证');
    await desk.page.locator('main#main').waitFor();
  });

  await step('a recovery code stands in for a lost phone', async () => {
    const other = await on('li', 'phone');
    await other.open('/login');
    await other.page.getByLabel('账号').fill('li');
    await other.page.getByLabel('密码', { exact: true }).fill(password);
    await other.press(other.page.getByRole('button', { name: '登录', exact: true }));
    await other.page.getByLabel('验证码').fill(codes[0]);
    await other.press('验证');
    await other.page.locator('main#main').waitFor();
  });
});

journey('an administrator of the organisation cannot raise himself', async ({ on, step }) => {
  const admin = await on('admin', 'desktop');
  await admin.login('/admin/members');
  await step('zhang is given the organisation', async () => {
    await admin.press(admin.page.getByRole('row', { name: /^张建国/ }));
    await admin.page.getByLabel('管理权限').waitFor();
    await admin.shot('member', { full: true });
    const { body } = await admin.api('GET', '/api/admin/v1/users/zhang');
    const set = await admin.api('PATCH', '/api/admin/v1/users/zhang', { rev: body.item.rev, planes: ['org'] });
    assert.equal(set.status, 200);
  });
  await step('he sees people, not the settings', async () => {
    const zhang = await on('zhang', 'desktop');
    await zhang.login('/admin');
    await zhang.page.getByRole('tab', { name: '成员' }).waitFor();
    assert.equal(await zhang.page.getByRole('tab').count(), 3);
    const { body } = await zhang.api('GET', '/api/admin/v1/users/zhang');
    const raise = await zhang.api('PATCH', '/api/admin/v1/users/zhang', { rev: body.item.rev, admin: true });
    assert.equal(raise.status, 403);
    assert.equal((await zhang.api('GET', '/api/admin/v1/settings')).status, 404);
    await zhang.shot('organisation');
  });
});
