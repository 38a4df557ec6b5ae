// The real program: built once per run, one process with its own data folder per suite.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository, from web/e2e/lib. */
const root = fileURLToPath(new URL('../../..', import.meta.url));

/** Everything of a run: the program, the demonstration's data, the data of each suite. */
export const workplace = () => process.env.FORMWORK_E2E ?? '';

/** How long a start, with the demonstration loaded, may take on a busy machine. */
const startTime = 60_000;

/** The program: built for this run, or one built before, named by FORMWORK_BIN. */
export const binary = () => process.env.FORMWORK_BIN ?? join(workplace(), 'formwork');

/** Builds the program and loads the demonstration once; every suite copies its data. Returns the folder to remove. */
export async function prepare() {
  const dir = mkdtempSync(join(tmpdir(), 'formwork-e2e-'));
  process.env.FORMWORK_E2E = dir;
  if (!process.env.FORMWORK_BIN)
    execFileSync('go', ['build', '-o', binary(), './cmd/formwork'], { cwd: root, stdio: 'inherit' });
  const first = await start(join(dir, 'demo'), ['--demo']);
  await first.stop();
  return dir;
}

/** Starts the demonstration on a copy of the loaded data. */
export function startDemo() {
  const data = mkdtempSync(join(workplace(), 'suite-'));
  cpSync(join(workplace(), 'demo'), data, { recursive: true });
  return start(data, ['--demo']);
}

/** Starts the program on an empty data folder, as on a first day. */
export const startEmpty = () => start(mkdtempSync(join(workplace(), 'empty-')), []);

/** Starts the program; resolves when it is ready. */
async function start(data, flags) {
  const url = `http://127.0.0.1:${await freePort()}`;
  const args = ['serve', '--addr', new URL(url).host, '--data', data, '--log-level', 'warn', ...flags];
  const child = spawn(binary(), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  for (const out of [child.stdout, child.stderr]) out.on('data', (d) => (said += d));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const program = {
    url,
    /** What the program printed so far: greetings and warnings. */
    said: () => said,
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
      await ended;
      clearTimeout(timer);
    },
  };
  try {
    await ready(url, () => child.exitCode !== null);
  } catch (e) {
    await program.stop();
    throw new Error(`the program did not start: ${e.message}\n${said}`);
  }
  return program;
}

async function ready(url, gone) {
  const until = Date.now() + startTime;
  while (Date.now() < until) {
    if (gone()) throw new Error('it ended');
    const ok = await fetch(`${url}/readyz`).then(
      (r) => r.ok,
      () => false,
    );
    if (ok) return;
    await new Promise((r) => setTimeout(r, 50));
  }
  throw new Error(`not ready after ${startTime} ms`);
}

/** A port nobody listens on now. */
function freePort() {
  return new Promise((resolve, reject) => {
    const s = createServer();
    s.once('error', reject);
    s.listen(0, '127.0.0.1', () => {
      const { port } = s.address();
      s.close(() => resolve(port));
    });
  });
}

/** Removes the folder of a run. */
export function clean(dir) {
  if (dir && existsSync(dir)) rmSync(dir, { recursive: true, force: true });
}
