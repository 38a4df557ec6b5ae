// Every page once, on both devices: nothing breaks, everybody can use it.
import assert from 'node:assert/strict';
import { suite } from './lib/suite.mjs';

const { journey } = suite('tour');

for (const device of ['phone', 'desktop']) {
  journey(`li walks through everything on a ${device}`, async ({ on, step }) => {
    const li = await on('li', device);
    await li.login();
    const { body } = await li.api('GET', '/api/v1/apps');
    const forms = body.items.flatMap((a) => formsOf(a.menu));
    assert.ok(forms.length >= 10, 'the demonstration has its apps');

    await step('the pages of her own', async () => {
      await li.shot('home', { full: true });
      for (const box of ['todo', 'done', 'mine', 'cc']) {
        await li.open(`/tasks?box=${box}`);
        await li.page.locator('.fw-task, .fw-state').first().waitFor();
        await li.shot(`tasks-${box}`);
      }
      await li.open('/me');
      await li.page.getByRole('heading').first().waitFor();
      await li.shot('me');
      await li.open('/no/such/page');
      await li.sees('内容不存在');
      await li.shot('nowhere');
    });

    for (const { form, can } of forms) {
      await step(form, async () => {
        // Lists where there is room for them, single records where there is not.
        if (!li.phone) {
          await li.open(`/f/${form}`);
          await li.page.locator('.fw-state, tbody tr').first().waitFor();
          await li.shot(`${form}-list`);
        } else await first(li, form);
        if (!can.includes('create')) return;
        await li.open(`/f/${form}/new`);
        await li.page.locator('.fw-fill-body').waitFor();
        await li.shot(`${form}-new`, { full: true });
      });
    }
  });
}

journey('lists are searched, filtered and sorted', async ({ on, step }) => {
  const [phone, desk] = await Promise.all([on('li', 'phone'), on('li', 'desktop')]);
  const list = '/f/cost.expense_contract';
  await Promise.all([phone.login(list), desk.login(list)]);
  await step('the sheets of the phone', async () => {
    await phone.press(phone.button('筛选'));
    await phone.press(phone.page.getByRole('button', { name: /添加条件/ }));
    await phone.shot('filter');
    await phone.press(phone.button('关闭'));
    await phone.press(phone.button('排序'));
    await phone.shot('sort');
  });
  await step('the tools of the desktop', async () => {
    await desk.press(desk.button('筛选'));
    await desk.press(desk.page.getByRole('button', { name: /添加条件/ }));
    await desk.shot('filter');
    await desk.press(desk.button('关闭'));
    await desk.press(desk.button('列设置'));
    await desk.shot('columns');
    await desk.press(desk.button('关闭'));
    await desk.page.getByRole('searchbox').fill('机电');
    await desk.page.waitForURL(/q=/);
    await desk.sees('机电安装分包合同');
    await desk.page.getByText('主体结构劳务').first().waitFor({ state: 'detached' });
    await desk.shot('search');
  });
});

/** Opens the first record of a form, if there is one. */
async function first(p, form) {
  const page = await p.api('GET', `/api/v1/forms/${form}/records?limit=1`);
  const record = page.body.items[0];
  if (!record) return;
  await p.open(`/f/${form}/${record.id}`);
  await p.page.locator('.fw-record-top').waitFor();
  await p.shot(`${form}-detail`, { full: true });
}

function formsOf(menu) {
  return menu.flatMap((m) => [...(m.form ? [m] : []), ...formsOf(m.items ?? [])]);
}
