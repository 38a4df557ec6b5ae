// Nothing a person typed is lost, and nothing happens twice.
import assert from 'node:assert/strict';
import { control, type } from './lib/fill.mjs';
import { contract, submitContract } from './lib/story.mjs';
import { suite } from './lib/suite.mjs';

const { journey } = suite('safety');
const newContract = `/f/${contract}/new`;

journey('a draft survives a reload, is offered again, and can be cleared', async ({ on, step }) => {
  const li = await on('li', 'phone');
  await li.login(newContract);
  await step('what is typed is kept', async () => {
    await type(li, await control(li, 'name'), '还没写完的合同');
    await li.sees('草稿已自动保存');
    await li.shot('saved');
  });
  await step('the reloaded page offers it', async () => {
    await li.page.reload();
    await li.hears('已恢复您上次未提交的内容');
    assert.equal(await (await control(li, 'name')).inputValue(), '还没写完的合同');
    await li.shot('restored');
  });
  await step('cleared, it is gone for good', async () => {
    await type(li, await control(li, 'note'), '再写一点');
    await li.press(li.page.getByRole('button', { name: '清除', exact: true }));
    await li.shot('clear');
    await li.press(li.sheet.getByRole('button', { name: '清除', exact: true }));
    await li.page.waitForFunction(() => document.getElementById('f-name')?.value === '');
    await li.page.reload();
    await (await control(li, 'name')).waitFor();
    assert.equal(await (await control(li, 'name')).inputValue(), '');
  });
});

journey('a session that ends while typing: log in over the page and go on', async ({ on, step }) => {
  const li = await on('li', 'phone');
  await li.login(newContract);
  await step('the session is ended elsewhere; saving asks for the password', async () => {
    await type(li, await control(li, 'name'), '登录过期也不丢的合同');
    const ended = await li.api('DELETE', '/api/v1/session');
    assert.equal(ended.status, 204, JSON.stringify(ended.body));
    li.expect(401, /\/api\/v1\//);
    await li.press('存草稿');
    await li.sees('登录已过期，请重新登录');
    await li.shot('expired');
  });
  await step('after it the draft is saved with what was typed', async () => {
    await li.sheet.getByLabel('密码', { exact: true }).fill('formwork');
    await li.press(li.sheet.getByRole('button', { name: '登录', exact: true }));
    await li.page.waitForURL(/expense_contract\/(?!new)/);
    await li.sees('登录过期也不丢的合同');
    await li.shot('continued');
  });
});

journey('a double tap submits once', async ({ on, step }) => {
  const li = await on('li', 'phone');
  await li.login('/');
  const draft = await submitContract(li, '双击只提交一次', { submit: false });
  const sent = [];
  li.page.on('request', (r) => {
    if (r.method() !== 'GET' && /\/records(\/|$)/.test(new URL(r.url()).pathname)) sent.push(r.method());
  });
  await step('two taps at once', async () => {
    await li.open(`/f/${contract}/${draft.id}/edit`);
    const box = await li.button('提交').boundingBox();
    const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
    await li.page.touchscreen.tap(x, y);
    await li.page.touchscreen.tap(x, y);
    await li.sees('等待 王磊 处理');
  });
  await step('one request, one case', async () => {
    assert.deepEqual(sent, ['PATCH']);
    const mine = await li.api('GET', '/api/v1/tasks?box=mine');
    assert.equal(mine.body.items.filter((x) => x.record === draft.id).length, 1);
  });
});

journey('two people edit one partner: the later one sees what changed and loses nothing', async ({ on, step }) => {
  const [li, zhao] = await Promise.all([on('li', 'desktop'), on('zhao', 'phone')]);
  await Promise.all([li.login(), zhao.login()]);
  const found = await li.api('GET', `/api/v1/forms/base.party/records?q=${encodeURIComponent('新型墙材')}`);
  const party = `/f/base.party/${found.body.items[0].id}`;

  await step('both open it and type', async () => {
    await Promise.all([li.open(`${party}/edit`), zhao.open(`${party}/edit`)]);
    await type(li, await control(li, 'contact'), '李娜改的联系人');
    await type(li, await control(li, 'short_name'), '李娜改的简称');
    await type(zhao, await control(zhao, 'contact'), '赵敏改的联系人');
    await type(zhao, await control(zhao, 'bank'), '赵敏改的开户行');
  });
  await step('zhao saves first', async () => {
    await zhao.press('保存');
    await zhao.page.waitForURL(new RegExp(`${party}$`));
  });
  await step('li is shown the difference and keeps her own', async () => {
    li.expect(409, /\/records\//);
    await li.press('保存');
    await li.sees('数据已被他人修改', li.sheet);
    await li.sees('赵敏改的联系人', li.sheet);
    await li.sees('李娜改的联系人', li.sheet);
    assert.equal(await li.sheet.getByText('开户行').count(), 0, 'only what clashes is asked');
    await li.shot('conflict');
    await li.press(li.sheet.getByRole('button', { name: '按所选合并并继续' }));
    assert.equal(await (await control(li, 'short_name')).inputValue(), '李娜改的简称');
    assert.equal(await (await control(li, 'bank')).inputValue(), '赵敏改的开户行');
    await li.press('保存');
    await li.page.waitForURL(new RegExp(`${party}$`));
  });
  await step('the record has the work of both', async () => {
    await li.sees('李娜改的联系人');
    await li.sees('赵敏改的开户行');
    await li.shot('merged');
    await li.press(li.page.getByRole('tab', { name: '变更记录' }));
    await li.sees('赵敏改的联系人');
    await li.shot('history');
  });
});
