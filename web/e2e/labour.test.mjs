// The foreman on the site: a daily labour sheet on his phone.
import assert from 'node:assert/strict';
import { addRow, choose, control, shown, type } from './lib/fill.mjs';
import { suite } from './lib/suite.mjs';

const { journey } = suite('labour');

/** A picture of one pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==',
  'base64',
);

journey('sun records the day of his team; wang finds it', async ({ on, step }) => {
  const sun = await on('sun', 'phone');

  await step('sun chooses project and team', async () => {
    await sun.login();
    await sun.shot('home');
    await sun.press(sun.button('新建 点工记录单'));
    await choose(sun, await control(sun, 'project'), '', '临湖花园一号楼');
    await choose(sun, await control(sun, 'team'), '', '孙大勇木工班');
    assert.match(await shown(sun, 'foreman'), /孙大勇/, 'the team brings its foreman');
    assert.match(await shown(sun, 'date'), /^\d{4}-\d{2}-\d{2}/, 'today');
    await type(sun, await control(sun, 'work'), '十层梁板模板安装');
    await sun.shot('head');
  });

  await step('three workers, one with overtime', async () => {
    for (const [i, name] of ['陈福生', '何建明', '杨国庆'].entries()) {
      await addRow(sun, 'workers');
      await choose(sun, await control(sun, 'workers', i, 'worker'), '', name);
    }
    await type(sun, await control(sun, 'workers', 0, 'ot_hours'), '2');
    // 420 + 420 + 400 and two hours of 420/8 × 1.5
    await sun.sees('1,397.50', sun.page.locator('#f-workers-box .fw-totals'));
    assert.match(await shown(sun, 'workdays'), /^3/);
    await sun.shot('workers', { full: true });
  });

  await step('charging a subcontractor asks which', async () => {
    assert.equal(await sun.page.locator('#f-charge_to').count(), 0);
    await sun.press(sun.page.locator('.fw-chip', { hasText: '分包代付扣款' }));
    await (await control(sun, 'charge_to')).waitFor();
    await sun.press('提交');
    await sun.hears('处需要修改');
    await sun.shot('charge-missing');
    await choose(sun, await control(sun, 'charge_to'), '蓝天', '蓝天幕墙');
  });

  await step('a photo and a signature', async () => {
    await (await control(sun, 'photos')).setInputFiles({ name: '现场.png', mimeType: 'image/png', buffer: png });
    await sun.page.getByRole('link', { name: /现场/ }).waitFor();
    const pad = sun.page.locator('canvas.fw-sign-pad');
    await pad.scrollIntoViewIfNeeded();
    const box = await pad.boundingBox();
    await sun.page.mouse.move(box.x + 40, box.y + 40);
    await sun.page.mouse.down();
    await sun.page.mouse.move(box.x + 160, box.y + 100, { steps: 8 });
    await sun.page.mouse.move(box.x + 220, box.y + 30, { steps: 8 });
    await sun.page.mouse.up();
    await sun.shot('signing');
    await sun.press(sun.page.locator('[id="f-leader_sign-box"]').getByRole('button').last());
    await sun.page.locator('img.fw-sign-pad').waitFor();
    await sun.shot('signed');
  });

  await step('sun submits', async () => {
    await sun.press('提交');
    await sun.page.waitForURL(/daily_sheet\/(?!new)/);
    await sun.sees('十层梁板模板安装');
    await sun.shot('submitted', { full: true });
  });

  await step('wang finds it in his to-dos', async () => {
    const wang = await on('wang', 'phone');
    await wang.login('/tasks');
    await wang.press(wang.page.locator('.fw-task', { hasText: '十层梁板模板安装' }));
    await wang.sees('陈福生');
    await wang.shot('task', { full: true });
  });
});
