import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json, Tree } from '../api/types';
import { Decimal } from './decimal';
import { evaluate } from './eval';
import { conform, fromWire, RunError, type Type, toWire } from './value';
import { parseInstant } from './zone';

/** One shared vector; see section 8 of docs/formula-tree.md. */
interface Vector {
  name: string;
  expr: string;
  env?: Record<string, Type>;
  vars?: Record<string, Json>;
  now?: string;
  zone?: string;
  user?: { id: string; name: string; dept: string; depts: string[]; roles: string[] };
  type?: Type;
  tree?: Tree;
  server?: boolean;
  result?: Json;
  error?: string;
  warn?: string[];
}

const path = new URL('../../../../schema/formula/testdata/vectors.json', import.meta.url);
const { vectors } = JSON.parse(readFileSync(path, 'utf8')) as { vectors: Vector[] };
const someone = { id: 'u1', name: '张三', dept: 'd1', depts: ['d1', 'd2'], roles: ['pm'] };

function run(v: Vector) {
  const warn: string[] = [];
  const vars = (name: string) => {
    const type = Object.entries(v.env ?? {}).find(([n]) => n === name)?.[1];
    return fromWire(type ?? 'any', v.vars?.[name]);
  };
  const context = {
    now: parseInstant(v.now ?? '2024-03-15T08:30:45Z') as number,
    zone: v.zone ?? 'Asia/Shanghai',
    user: v.user ?? someone,
    warn: (code: string) => void warn.push(code),
  };
  try {
    const type = v.type ?? 'any';
    return { result: toWire(conform(evaluate(v.tree as Tree, vars, context), type), type), warn };
  } catch (e) {
    if (!(e instanceof RunError)) throw e;
    return { error: e.code, warn };
  }
}

/** Numbers compare by value: each is written in its shortest form. */
function plain(json: Json, type: Type | undefined): Json {
  if (json === null) return null;
  if (Array.isArray(json))
    return json.map((x) => plain(x, typeof type === 'object' && 'list' in type ? type.list : 'any'));
  if (typeof json === 'object') {
    const fields = typeof type === 'object' && 'row' in type ? type.row : {};
    const out: { [k: string]: Json } = {};
    for (const [k, x] of Object.entries(json)) out[k] = plain(x, fields[k] ?? 'any');
    return out;
  }
  if (type === 'number' || type === 'any') return Decimal.parse(String(json))?.key() ?? json;
  return json;
}

const here = vectors.filter((v) => v.tree !== undefined && !v.server);

test('there is something to run', () => expect(here.length).toBeGreaterThan(0));

test.each(here.map((v) => [v.name, v] as const))('%s', (_name, v) => {
  const got = run(v);
  const want = v.error ? { error: v.error } : { result: plain(v.result ?? null, v.type) };
  const found = 'error' in got ? { error: got.error } : { result: plain(got.result as Json, v.type) };
  expect({ ...found, warn: got.warn, expr: v.expr }).toEqual({ ...want, warn: v.warn ?? [], expr: v.expr });
});

test('what only the server can answer says so, or is blank', () => {
  for (const v of vectors.filter((x) => x.server && x.tree !== undefined && !x.error)) {
    const got = run(v);
    if (got.error) expect([v.name, got.error]).toEqual([v.name, 'server_only']);
    // A member of a record given by its id alone is blank here; given as a row it is known.
    else expect([v.name, got.result]).toEqual([v.name, got.result === null ? null : (v.result ?? null)]);
  }
});
