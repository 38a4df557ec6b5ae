// The first day: the one-time link makes the first administrator.
import assert from 'node:assert/strict';
import { type } from './lib/fill.mjs';
import { startEmpty } from './lib/program.mjs';
import { suite } from './lib/suite.mjs';

const { journey } = suite('setup', startEmpty);

journey('the link the program prints makes the first administrator, once', async ({ on, step, world }) => {
  const link = /http:\/\/\S+\/setup\?\S+/.exec(world.program.said())?.[0];
  assert.ok(link, 'the program prints the link');
  const path = link.slice(new URL(link).origin.length);
  const boss = await on('boss', 'desktop');

  await step('the password must be long enough and typed twice alike', async () => {
    await boss.open(path);
    await boss.page.getByLabel('姓名').waitFor();
    await boss.shot('empty');
    await boss.press('创建管理员');
    await boss.shot('missing');
    await type(boss, boss.page.getByLabel('姓名'), '首任管理员');
    await type(boss, boss.page.getByLabel('账号'), 'boss');
    await type(boss, boss.page.getByLabel('密码', { exact: true }), 'correct horse');
    await type(boss, boss.page.getByLabel('再输入一次密码'), 'wrong horse');
    await boss.press('创建管理员');
    await boss.sees('两次输入的密码不一致');
    await boss.shot('different');
  });

  await step('then he is in', async () => {
    await type(boss, boss.page.getByLabel('再输入一次密码'), 'correct horse');
    await boss.press('创建管理员');
    await boss.page.waitForURL((u) => u.pathname === '/');
    await boss.sees('首任管理员');
    await boss.shot('home');
  });

  await step('the link works only once', async () => {
    const other = await on('other', 'phone');
    other.expect(401, /\/api\/v1\/setup$/);
    other.expect(403, /\/api\/v1\/setup$/);
    other.expect(404, /\/api\/v1\/setup$/);
    other.expect(409, /\/api\/v1\/setup$/);
    other.expect(422, /\/api\/v1\/setup$/);
    await other.open(path);
    await type(other, other.page.getByLabel('姓名'), '第二个');
    await type(other, other.page.getByLabel('账号'), 'second');
    await type(other, other.page.getByLabel('密码', { exact: true }), 'correct horse');
    await type(other, other.page.getByLabel('再输入一次密码'), 'correct horse');
    await other.press('创建管理员');
    await other.sees('链接');
    await other.shot('used');
  });
});
