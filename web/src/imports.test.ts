import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

const src = import.meta.dirname;

/** What each part may import beside itself. main and runtime may use all but the builder. */
const allowed: Record<string, string[]> = {
  core: [],
  texts: ['core'],
  kit: ['core', 'texts'],
  fields: ['core', 'texts', 'kit'],
  render: ['core', 'texts', 'kit', 'fields'],
  runtime: ['core', 'texts', 'kit', 'fields', 'render'],
};

const files = readdirSync(src, { recursive: true, encoding: 'utf8' }).filter((f) => /\.tsx?$/.test(f));

test.each(Object.keys(allowed))('%s imports only what stands below it', (part) => {
  const wrong: string[] = [];
  for (const file of files.filter((f) => f.startsWith(`${part}/`))) {
    for (const [, to] of readFileSync(join(src, file), 'utf8').matchAll(/(?:from|import\()\s*'(\.[^']+)'/g)) {
      const target = normalize(join(dirname(file), to as string)).split('/')[0] as string;
      if (target !== part && !allowed[part]?.includes(target)) wrong.push(`${file} → ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('core knows neither React nor the page', () => {
  const wrong = files.filter(
    (f) =>
      f.startsWith('core/') && !f.includes('.test.') && /from 'react|\.tsx$/.test(readFileSync(join(src, f), 'utf8')),
  );
  expect(wrong).toEqual([]);
});
