import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { CompiledForm, Field, Json, RecordData, RowData } from '../api/types';
import { Decimal } from '../formula/decimal';
import { createForm, type FormState, isNumeric } from './index';

/** One file of schema/eval/testdata/rules; the form in the browser's shape stands in client/. */
interface Case {
  name: string;
  data: RecordData;
  before?: RecordData;
  now?: string;
  frozen?: boolean;
  noEdit?: string[];
  require?: string[];
  want: { data?: RecordData; states?: Record<string, string>; errors?: string[]; warnings?: string[] };
}

const folder = new URL('../../../../schema/eval/testdata/rules/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const files = readdirSync(folder).filter((f) => f.endsWith('.json'));

const cases = files.flatMap((file) =>
  (read(file).cases as Case[]).map((c) => [`${file}: ${c.name}`, read(`client/${file}`) as CompiledForm, c] as const),
);

function fill(form: CompiledForm, c: Case): FormState {
  let n = 0;
  const options = { newId: () => `r${++n}`, now: () => Date.parse(c.now ?? '1970-01-01'), zone: 'UTC' };
  if (!c.before && !c.require) {
    for (const path of c.noEdit ?? []) for (const f of form.fields) if (f.key === path) f.right = 'read';
    return createForm({ form, initial: c.data, ...options });
  }
  const rights = { ops: [], require: c.require };
  const record = {
    id: 'x',
    form: 'f',
    rev: 1,
    version: 1,
    state: 'active' as const,
    title: '',
    data: c.before ?? {},
    rights,
  };
  const f = createForm({ form, record: { ...record, case: { state: c.frozen ? 'approved' : 'running' } }, ...options });
  const all: RecordData = {};
  for (const field of form.fields) all[field.key] = c.data[field.key] ?? null;
  f.restore(all);
  return f;
}

/** What the form holds, numbers in their shortest form. */
function held(f: FormState): RecordData {
  const out: RecordData = {};
  for (const field of f.form.fields) {
    const rows = f.table(field.key)?.list.map((r) => r.data(() => true));
    const json = rows?.length ? (rows as unknown as Json) : f.cell(field.key)?.raw;
    if (json !== undefined) out[field.key] = json;
  }
  return short(f.form.fields, out);
}

function short(fields: Field[], data: RecordData): RecordData {
  const out: RecordData = { ...data };
  for (const f of fields) {
    const v = out[f.key];
    if (v === undefined) continue;
    if (f.columns) out[f.key] = (v as unknown as RowData[]).map((r) => short(f.columns ?? [], r as RecordData));
    else if (isNumeric(f)) out[f.key] = Decimal.parse(String(v))?.key() ?? v;
  }
  return out;
}

const words = (f: FormState, path: string) => {
  const s = f.state(path).value;
  return [s.visible && 'visible', s.required && 'required', s.readonly && 'readonly'].filter(Boolean).join(' ');
};

test.each(cases)('%s', (_name, form, c) => {
  const f = fill(form, c);
  if (c.want.data) expect(held(f)).toEqual(short(form.fields, c.want.data));
  for (const [path, want] of Object.entries(c.want.states ?? {})) expect([path, words(f, path)]).toEqual([path, want]);
  const errors = f.errors.validate().map((e) => `${e.path} ${e.code}`);
  expect(errors).toEqual(c.want.errors ?? []);
  const warnings = f.errors.warnings.value.map((e) => `${e.path} ${e.code}`);
  // Warnings of formulas are the server's to tell.
  expect(warnings).toEqual((c.want.warnings ?? []).filter((w) => / (check|rules_unstable)$/.test(w)));
});

test('all files were found', () => expect(files.length).toBeGreaterThanOrEqual(8));
