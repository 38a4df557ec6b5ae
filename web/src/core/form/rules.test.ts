import { expect, test } from 'vitest';
import type { Rule } from '../api/types';
import { call, contract, field, id, is, num, open, rule, saved, tree } from './testkit';

const state = (f: ReturnType<typeof open>, path: string) => {
  const s = f.state(path).value;
  return `${s.visible ? 'v' : '-'}${s.required ? 'r' : '-'}${s.readonly ? 'l' : '-'}`;
};

test.each<[string, Rule[], string, string]>([
  ['show hides unless it holds', [rule(is('kind', 'a'), { show: ['opinion'] })], '---', 'v--'],
  ['hide', [rule(is('kind', 'a'), { hide: ['opinion'] })], 'v--', '---'],
  ['require', [rule(is('kind', 'a'), { require: ['opinion'] })], 'v--', 'vr-'],
  ['lock', [rule(is('kind', 'a'), { lock: ['opinion'] })], 'v--', 'v-l'],
  ['else', [rule(is('kind', 'a'), {}, { hide: ['opinion'] })], '---', 'v--'],
  ['hidden is never required', [rule(is('kind', 'a'), { hide: ['opinion'], require: ['opinion'] })], 'v--', '---'],
  [
    'hide wins over show',
    [rule(is('kind', 'a'), { hide: ['opinion'] }), rule(is('kind', 'a'), { show: ['opinion'] })],
    '---',
    '---',
  ],
  [
    'lock wins over unlock, locked is not required',
    [rule(is('kind', 'a'), { lock: ['opinion'], unlock: ['opinion'], require: ['opinion'] })],
    'v--',
    'v-l',
  ],
])('%s', (_name, rules, off, on) => {
  const f = open(contract({ rules }));
  expect(state(f, 'opinion')).toBe(off);
  f.set('kind', 'a');
  expect(state(f, 'opinion')).toBe(on);
});

test('optional and unlock take back what the definition says', () => {
  const base = contract();
  const fields = base.fields.map((x) => (x.key === 'opinion' ? { ...x, readonly: true } : x));
  const f = open(contract({ fields, rules: [rule(is('kind', 'a'), { optional: ['name'], unlock: ['opinion'] })] }));
  expect([state(f, 'name'), state(f, 'opinion')]).toEqual(['vr-', 'v-l']);
  f.set('kind', 'a');
  expect([state(f, 'name'), state(f, 'opinion')]).toEqual(['v--', 'v--']);
});

test('columns follow their subtable', () => {
  const rules: Rule[] = [
    rule(is('kind', 'a'), { hide: ['lines'] }),
    rule(is('kind', 'b'), { lock: ['lines.qty'], hide: ['lines.price'] }),
  ];
  const f = open(contract({ rules }));
  expect(state(f, 'lines.subject')).toBe('vr-');
  f.set('kind', 'a');
  expect(state(f, 'lines.subject')).toBe('---');
  f.set('kind', 'b');
  expect([state(f, 'lines.qty'), state(f, 'lines.price'), state(f, 'lines.subject')]).toEqual(['v-l', '---', 'vr-']);
});

test('whenHidden: clear empties the field and what reads it; keep does not', () => {
  const base = contract();
  const fields = base.fields.map((x) => (x.key === 'opinion' ? { ...x, clearHidden: true } : x));
  const seen = tree(['blank', id('opinion')]);
  const f = open(
    contract({
      fields: [...fields, field('none', { type: 'switch' }), field('kept', { default: 'k' })],
      rules: [rule(is('kind', 'a'), { hide: ['opinion', 'kept'] })],
      computed: [{ field: 'none', tree: seen }],
    }),
  );
  f.set('opinion', 'x');
  expect(f.cell('none')?.value.value).toBe(false);
  f.set('kind', 'a');
  expect(f.cell('opinion')?.value.value).toBeUndefined();
  expect(f.cell('none')?.value.value).toBe(true);
  expect(f.cell('kept')?.value.value).toBe('k');
});

test('a hidden default that is cleared comes back when it is shown', () => {
  const fields = [...contract().fields, field('d', { default: 'x', clearHidden: true })];
  const f = open(contract({ fields, rules: [rule(is('kind', 'a'), { hide: ['d'] })] }));
  expect(f.cell('d')?.value.value).toBe('x');
  f.set('kind', 'a');
  expect(f.cell('d')?.value.value).toBeUndefined();
  f.set('kind', 'b');
  expect(f.cell('d')?.value.value).toBe('x');
});

test('rules see what earlier ones set, computed fields between passes', () => {
  const rules: Rule[] = [
    rule(is('kind', 'a'), { set: [{ field: 'lines.price', tree: tree(['+', id('qty'), num('1')]) }] }),
    rule(tree(['>', id('amount'), num('5')]), { show: ['opinion'] }),
  ];
  const f = open(contract({ rules }));
  f.rows.add('lines', { subject: 'x', qty: '2' });
  expect(state(f, 'opinion')).toBe('---');
  f.set('kind', 'a');
  expect(f.cell('amount')?.value.value).toBe('6');
  expect(state(f, 'opinion')).toBe('v--');
});

test('rules that never rest stop and say so', () => {
  const rules: Rule[] = [
    rule(tree(['b', true]), { set: [{ field: 'opinion', tree: tree(['&', id('opinion'), ['s', 'x']]) }] }),
  ];
  const f = open(contract({ rules }));
  expect(f.engine.unstable).toBe(true);
  expect(f.cell('opinion')?.value.value).toBe('xxxxxxxxxx');
});

test('rights: read, hidden, required at the node, rows', () => {
  const record = saved(
    { name: 'n', opinion: 'o', lines: [{ id: 'l1', subject: 's', qty: '1' }] },
    {
      rights: {
        ops: ['edit'],
        default: 'read',
        fields: { opinion: 'write', lines: 'write', 'lines.subject': 'write', kind: 'hidden' },
        rows: { lines: ['add'] },
        require: ['opinion'],
      },
    },
  );
  const f = open(contract(), { record });
  expect(['name', 'opinion', 'kind', 'lines.qty'].map((p) => state(f, p))).toEqual(['v-l', 'vr-', '--l', 'v-l']);
  const row = f.table('lines')?.list[0];
  if (!row) throw new Error('no row');
  expect(f.rows.cellState('lines', row, 'subject').readonly).toBe(true);
  expect(f.rows.remove('lines', 'l1')).toBe(false);
  const added = f.rows.add('lines');
  expect(added && f.rows.cellState('lines', added, 'subject').readonly).toBe(false);
  expect(f.rows.remove('lines', added?.id ?? '')).toBe(true);
});

test('a condition that only the server knows takes its word', async () => {
  const rules: Rule[] = [rule(tree(['==', call('LOOKUP', id('kind')), num('1')]), { show: ['opinion'] })];
  const form = contract({ rules, computed: [{ field: 'amount', tree: null, server: true }] });
  const f = open(form, {
    evaluate: async () => ({
      data: { amount: '7' },
      states: { opinion: { visible: true, required: true, readonly: false } },
    }),
  });
  expect(state(f, 'opinion')).toBe('---');
  await f.settle();
  expect(state(f, 'opinion')).toBe('vr-');
  expect(f.cell('amount')?.value.value).toBe('7');
});
