// How long the first form takes on a slow phone: printed, not judged.
import { control } from './lib/fill.mjs';
import { suite } from './lib/suite.mjs';

const { journey } = suite('speed');

/** A phone on a construction site: 1.6 Mbit/s, 150 ms, a quarter of this machine's processor. */
const network = { offline: false, latency: 150, downloadThroughput: 1.6e6 / 8, uploadThroughput: 750e3 / 8 };

journey('the first form on a slow phone', async ({ on, note }) => {
  const li = await on('li', 'phone');
  await li.login();
  for (const visit of ['first', 'second']) {
    const page = await li.context.newPage();
    const cdp = await li.context.newCDPSession(page);
    await cdp.send('Network.enable');
    if (visit === 'first') await cdp.send('Network.clearBrowserCache');
    await cdp.send('Network.emulateNetworkConditions', network);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    const kinds = new Map();
    const bytes = {};
    cdp.on('Network.responseReceived', (e) => kinds.set(e.requestId, e.type));
    cdp.on('Network.loadingFinished', (e) => {
      const kind = kinds.get(e.requestId) ?? 'Other';
      bytes[kind] = (bytes[kind] ?? 0) + e.encodedDataLength;
    });
    const began = Date.now();
    await page.goto(`${li.world.url}/f/cost.expense_contract/new`, { waitUntil: 'commit' });
    const name = await control({ page }, 'name');
    await name.waitFor();
    const drawn = Date.now() - began;
    await name.fill('可以输入');
    const usable = Date.now() - began;
    await page.waitForLoadState('networkidle');
    const parts = Object.entries(bytes).map(([k, n]) => `${k} ${(n / 1000).toFixed(1)} kB`);
    const all = Object.values(bytes).reduce((a, b) => a + b, 0);
    note(`${visit} visit: drawn ${drawn} ms, usable ${usable} ms, ${(all / 1000).toFixed(1)} kB (${parts.join(', ')})`);
    await page.close();
  }
});
