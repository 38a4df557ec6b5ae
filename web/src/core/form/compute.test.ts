import { effect } from '@preact/signals-core';
import { expect, test } from 'vitest';
import type { Field } from '../api/types';
import { call, contract, field, id, is, num, open, rule, saved, str, tree } from './testkit';

test('row formulas and totals follow a change', () => {
  const f = open(contract());
  const a = f.rows.add('lines', { subject: 'x', qty: '2', price: '3.335' });
  f.rows.add('lines', { subject: 'y', qty: '1', price: '10' });
  expect(a?.cells.amount?.value.value).toBe('6.67');
  expect(f.cell('amount')?.value.value).toBe('16.67');
  f.setCell('lines', 'row1', 'qty', '4');
  expect(f.cell('amount')?.value.value).toBe('23.34');
  expect(f.rows.totals('lines').value).toEqual({ amount: '23.34', qty: '4' });
  f.rows.remove('lines', 'row2');
  expect(f.cell('amount')?.value.value).toBe('13.34');
});

test('a keystroke in one of 100 rows of 10 columns runs only its row and the totals', () => {
  const columns: Field[] = [field('subject'), field('qty', { type: 'number' })];
  const computed = [];
  for (let i = 0; i < 8; i++) {
    const t = tree(['*', id(i === 0 ? 'qty' : `c${i - 1}`), num('1.1')]);
    columns.push(field(`c${i}`, { type: 'money', scale: 2, formulaTree: t }));
    computed.push({ field: `lines.c${i}`, tree: t });
  }
  const total = tree(call('SUM', ['col', id('lines'), 'c7']));
  computed.push({ field: 'amount', tree: total });
  const fields = [
    field('lines', { type: 'subtable', columns }),
    field('amount', { type: 'money', formulaTree: total }),
  ];
  const f = open(contract({ fields, computed, layout: [] }));
  f.rows.insert('lines', new Array(100).fill({ qty: '1' }));
  const rows = f.table('lines')?.list ?? [];
  let renders = 0;
  for (const row of rows.slice(1))
    for (const c of Object.values(row.cells))
      effect(() => {
        c.value.value;
        renders++;
      });
  renders = 0;
  const before = f.engine.evaluations;
  f.setCell('lines', rows[0]?.id ?? '', 'qty', '2');
  expect(f.engine.evaluations - before).toBe(9);
  expect(renders).toBe(0);
  expect(f.cell('amount')?.value.value).toBe('217.13');
});

test('a value of a text is not converted, a blank is unset', () => {
  const f = open(contract());
  f.set('name', '1.50');
  expect(f.cell('name')?.value.value).toBe('1.50');
  f.set('name', '');
  expect(f.cell('name')?.value.value).toBeUndefined();
});

test('defaults hold until the user touches the field, in whatever order they are written', () => {
  const fields = [
    field('b', { type: 'number', defaultTree: tree(['+', id('a'), num('1')]) }),
    field('a', { type: 'number', default: '1' }),
    field('on', { type: 'date', defaultTree: tree(call('TODAY')) }),
  ];
  const f = open(contract({ fields, computed: [], layout: [] }));
  expect(f.data()).toEqual({ a: '1', b: '2', on: '2026-03-05' });
  f.set('a', '5');
  expect(f.cell('b')?.value.value).toBe('6');
  f.set('b', '9');
  f.set('a', '7');
  expect(f.cell('b')?.value.value).toBe('9');
  f.set('a', null);
  // Left empty on purpose: the server must not fill it again.
  expect(f.data()).toEqual({ a: null, b: '9', on: '2026-03-05' });
});

test('a saved record gets no defaults, a new row of it does', () => {
  const fields = [
    field('a', { default: 'x' }),
    field('lines', { type: 'subtable', columns: [field('c', { default: 'y' })] }),
  ];
  const f = open(contract({ fields, computed: [], layout: [] }), { record: saved({ lines: [{ id: 'l1' }] }) });
  f.rows.add('lines');
  expect(f.cell('a')?.value.value).toBeUndefined();
  expect(f.table('lines')?.list.map((r) => r.cells.c?.value.value)).toEqual([undefined, 'y']);
});

test('a row formula sees its row first and the record as form', () => {
  const t = tree(['*', id('qty'), ['.', id('form'), 'rate']]);
  const fields = [
    field('rate', { type: 'number' }),
    field('lines', { type: 'subtable', columns: [field('qty', { type: 'number' }), field('v', { type: 'number' })] }),
  ];
  const f = open(contract({ fields, computed: [{ field: 'lines.v', tree: t }], layout: [] }));
  f.rows.insert('lines', [{ qty: '1' }, { qty: '2' }]);
  f.set('rate', '1.5');
  expect(f.table('lines')?.list.map((r) => r.cells.v?.value.value)).toEqual(['1.5', '3.0']);
});

test('system names, the user and a case are seen', () => {
  const t = tree([
    '&',
    ['.', id('sys'), 'created_by'],
    str('/'),
    ['.', id('case'), 'state'],
    str('/'),
    ['user', 'name'],
  ]);
  const user = { id: 'u1', name: '李', dept: 'd', depts: [], roles: [] };
  const form = contract({ computed: [{ field: 'opinion', tree: t }] });
  const record = saved({}, { sys: { created_by: 'u7' }, case: { state: 'running' } });
  expect(open(form, { user, record }).cell('opinion')?.value.value).toBe('u7/running/李');
});

test('volatile formulas keep their value in a final state', () => {
  const form = contract({ computed: [{ field: 'opinion', tree: tree(call('TODAY')), volatile: true }] });
  const at = (state: 'running' | 'approved') =>
    open(form, { record: saved({ opinion: '2020-01-01' }, { case: { state } }) }).cell('opinion')?.value.value;
  expect([at('running'), at('approved')]).toEqual(['2026-03-05', '2020-01-01']);
});

test('relations fill other fields, but not what the person may not write', () => {
  const fields = [
    field('project', { type: 'relation' }),
    field('pm', { type: 'member' }),
    field('secret', { right: 'read' }),
    field('lines', { type: 'subtable', columns: [field('subject', { type: 'relation' }), field('unit')] }),
  ];
  const f = open(contract({ fields, computed: [], layout: [] }));
  f.fill({ key: 'project' }, 'p1', { pm: 'u1', secret: 'x', gone: 1 });
  const row = f.rows.add('lines');
  f.fill({ key: 'subject', table: 'lines', row: row?.id }, 's1', { unit: 'm3' });
  f.learn({ records: { p1: '一号楼' } });
  expect(f.data()).toEqual({ project: 'p1', pm: 'u1', lines: [{ id: 'row1', subject: 's1', unit: 'm3' }] });
  expect(f.cell('secret')?.raw).toBeUndefined();
  expect(f.display.value.records).toEqual({ p1: '一号楼' });
});

test('the title follows its formula', () => {
  const f = open(contract({ titleTree: tree(['&', id('name'), str(' '), id('amount')]) }));
  f.set('name', '桩基');
  f.rows.add('lines', { qty: '1', price: '2' });
  expect(f.title()).toBe('桩基 2');
});

test('a rule that sets', () => {
  const f = open(
    contract({ rules: [rule(is('kind', 'a'), { set: [{ field: 'opinion', tree: tree(str('同意')) }] })] }),
  );
  f.set('kind', 'a');
  expect(f.cell('opinion')?.value.value).toBe('同意');
  f.set('opinion', 'x');
  expect(f.cell('opinion')?.value.value).toBe('同意');
  f.set('kind', 'b');
  f.set('opinion', 'x');
  expect(f.cell('opinion')?.value.value).toBe('x');
});

test('a formula over what the person may not see is not computed here', () => {
  const t = tree(['+', id('hidden'), num('1')]);
  const row = tree(['*', id('qty'), ['.', id('form'), 'rate']]);
  const fields = [
    field('rate', { type: 'number', right: 'masked' }),
    field('shown', { type: 'number' }),
    field('lines', { type: 'subtable', columns: [field('qty', { type: 'number' }), field('v', { type: 'number' })] }),
  ];
  const form = contract({
    fields,
    layout: [],
    computed: [
      { field: 'shown', tree: t },
      { field: 'lines.v', tree: row },
    ],
  });
  const record = saved({ shown: '5', rate: '***', lines: [{ id: 'l1', qty: '1', v: '9' }] });
  const f = open(form, { record });
  f.setCell('lines', 'l1', 'qty', '2');
  expect([f.cell('shown')?.raw, f.table('lines')?.list[0]?.cells.v?.raw]).toEqual(['5', '9']);
});

test('numbers of an imported schema go out as JSON numbers', () => {
  const fields = [field('n', { type: 'number', plain: true })];
  const f = open(contract({ fields, computed: [], layout: [] }), { record: saved({ n: 1.5 }) });
  expect(f.patch()).toEqual({});
  f.set('n', '2.50');
  expect(f.patch()).toEqual({ set: { n: 2.5 } });
});

test('an instant becomes the day of a date field, in the zone of the form', () => {
  const fields = [
    field('at', { type: 'date', precision: 'minute' }),
    field('month', { type: 'date', precision: 'month' }),
  ];
  const f = open(contract({ fields, layout: [], computed: [{ field: 'month', tree: tree(id('at')) }] }));
  f.set('at', '2026-01-31T18:00:00Z');
  expect(f.cell('month')?.value.value).toBe('2026-02');
});
