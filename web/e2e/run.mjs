// npm run e2e [-- name…]: builds the program, loads the demonstration, plays the journeys.
import { spawn } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { out } from './lib/person.mjs';
import { clean, prepare } from './lib/program.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const wanted = process.argv.slice(2);
const files = readdirSync(here)
  .filter((f) => f.endsWith('.test.mjs') && (!wanted.length || wanted.some((w) => f.startsWith(w))))
  .map((f) => here + f);

rmSync(out, { recursive: true, force: true });
const dir = await prepare();
const child = spawn(process.execPath, ['--test', '--test-concurrency=2', '--test-reporter=spec', ...files], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.once('exit', (code) => {
  clean(dir);
  process.exit(code ?? 1);
});
