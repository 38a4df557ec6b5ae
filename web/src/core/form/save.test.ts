import { expect, test } from 'vitest';
import type { RecordData } from '../api/types';
import { call, contract, field, id, open, rule, saved, str, tree } from './testkit';

const loaded: RecordData = {
  name: '桩基',
  kind: 'a',
  lines: [
    { id: 'l1', subject: 's1', qty: '1', price: '2', amount: '2.00' },
    { id: 'l2', subject: 's2', qty: '1', price: '3', amount: '3.00' },
    { id: 'l3', subject: 's3' },
  ],
  amount: '5.00',
};
const edit = () => open(contract(), { record: saved(loaded) });

test('nothing changed, nothing sent', () => {
  const f = edit();
  expect([f.patch(), f.dirty.value]).toEqual([{}, false]);
  f.set('name', 'x');
  expect(f.dirty.value).toBe(true);
  f.set('name', '桩基');
  f.setCell('lines', 'l1', 'qty', '1.0');
  expect([f.patch(), f.dirty.value]).toEqual([{}, false]);
});

test('a patch holds only what the user changed', () => {
  const f = edit();
  f.set('name', '基坑');
  f.set('kind', null);
  f.setCell('lines', 'l1', 'qty', '5');
  f.setCell('lines', 'l2', 'price', undefined);
  f.rows.remove('lines', 'l3');
  f.rows.add('lines', { subject: 'new', qty: '1', amount: '99' });
  expect(f.patch()).toEqual({
    set: { name: '基坑' },
    unset: ['kind'],
    rows: {
      lines: {
        add: [{ id: 'row1', subject: 'new', qty: '1' }],
        change: [
          { id: 'l1', qty: '5' },
          { id: 'l2', price: null },
        ],
        remove: ['l3'],
      },
    },
  });
});

test('an order is sent only when rows moved, or a new one is not last', () => {
  const f = edit();
  f.rows.move('lines', 'l3', 0);
  expect(f.patch()).toEqual({ rows: { lines: { order: ['l3', 'l1', 'l2'] } } });
  const g = edit();
  g.rows.copy('lines', 'l1');
  expect(g.patch().rows?.lines).toEqual({
    add: [{ id: 'row1', subject: 's1', qty: '1', price: '2' }],
    order: ['l1', 'row1', 'l2', 'l3'],
  });
});

test('what rules set or clear and what may not be written is not sent', () => {
  const rules = [rule(tree(['b', true]), { set: [{ field: 'opinion', tree: tree(str('x')) }] })];
  const f = open(contract({ rules }), { record: saved(loaded, { rights: { ops: [], default: 'read' } }) });
  f.set('name', 'forged');
  expect(f.cell('opinion')?.value.value).toBe('x');
  expect(f.patch()).toEqual({});
});

test('the whole record of a new one leaves computed values to the server', () => {
  const f = open(contract());
  f.set('name', 'n');
  f.rows.add('lines', { subject: 's', qty: '2', price: '3' });
  expect(f.data()).toEqual({ name: 'n', lines: [{ id: 'row1', subject: 's', qty: '2', price: '3' }] });
});

test('a draft of a saved record brings back only what its author changed', () => {
  const f = edit();
  f.set('name', '基坑');
  f.set('kind', undefined);
  f.setCell('lines', 'l1', 'qty', '5');
  f.rows.add('lines', { subject: 'new' });
  const draft = f.snapshot();
  expect(Object.keys(draft).sort()).toEqual(['kind', 'lines', 'name']);
  const g = open(contract(), { record: saved({ ...loaded, opinion: 'by somebody else' }) });
  g.restore({ ...draft, gone: 1 });
  expect(g.patch()).toEqual(f.patch());
  expect(g.cell('opinion')?.value.value).toBe('by somebody else');
  expect(g.cell('amount')?.value.value).toBe('13.00');
});

test('a draft of a new record', () => {
  const f = open(contract());
  f.set('name', 'n');
  f.rows.add('lines', { subject: 's', qty: '2', price: '3' });
  const g = open(contract());
  g.restore(f.snapshot());
  expect(g.data()).toEqual(f.data());
  expect([g.cell('amount')?.value.value, g.dirty.value]).toEqual(['6', true]);
});

test('rows have a limit, and a paste makes the rows it needs', () => {
  const fields = contract().fields.map((x) => (x.key === 'lines' ? { ...x, maxItems: 3 } : x));
  const f = open(contract({ fields }));
  const row = f.rows.add('lines');
  f.rows.paste(
    'lines',
    row?.id ?? '',
    ['subject', 'qty', 'amount'],
    [
      ['a', '1', '9'],
      ['b', '2', '9'],
      ['c', '3', '9'],
      ['d', '4', '9'],
    ],
  );
  expect(f.data().lines).toEqual([
    { id: 'row1', subject: 'a', qty: '1' },
    { id: 'row2', subject: 'b', qty: '2' },
    { id: 'row3', subject: 'c', qty: '3' },
  ]);
  expect([f.rows.canAdd('lines'), f.rows.add('lines')]).toEqual([false, undefined]);
});

const remoteForm = () =>
  contract({
    fields: [field('a'), field('b'), field('v', { type: 'money' }), field('w', { type: 'money' })],
    layout: [],
    computed: [
      { field: 'v', tree: tree(call('LOOKUP', str('f'), str('m'), id('a'))), server: true },
      { field: 'w', tree: tree(['*', id('v'), ['n', '2']]) },
    ],
  });

test('server fields are asked in batches, never for what they do not read', async () => {
  const asked: [RecordData, string[]][] = [];
  const f = open(remoteForm(), {
    evaluate: async (data, fields) => {
      asked.push([data, fields]);
      return { data: { v: `${asked.length}` } };
    },
  });
  await f.settle();
  f.set('b', 'x');
  await f.settle();
  expect(asked).toEqual([[{}, ['v']]]);
  f.set('a', '1');
  f.set('a', '12');
  expect(f.cell('v')?.busy.value).toBe(true);
  await f.settle();
  expect(asked.slice(1)).toEqual([[{ a: '12', b: 'x' }, ['v']]]);
  expect([f.cell('v')?.value.value, f.cell('v')?.busy.value, f.cell('w')?.value.value]).toEqual(['2', false, '4']);
});

test('typing while the server thinks asks once more; its failure blocks nothing', async () => {
  let asks = 0;
  const f = open(remoteForm(), {
    evaluate: async () => {
      if (++asks === 1) f.set('a', 'later');
      if (asks === 3) throw new Error('down');
      return { data: { v: `${asks}` } };
    },
  });
  await f.settle();
  expect([asks, f.cell('v')?.value.value]).toEqual([2, '2']);
  f.set('a', 'again');
  await f.settle();
  expect([f.cell('v')?.busy.value, f.server?.error.value]).toEqual([false, new Error('down')]);
  f.dispose();
});

test('a saved record is not computed again by the server before something changes', async () => {
  let asks = 0;
  const evaluate = async () => {
    asks++;
    return { data: {} };
  };
  const f = open(remoteForm(), { record: saved({ a: '1', v: '5' }), evaluate });
  await f.settle();
  expect([asks, f.cell('w')?.value.value]).toEqual([0, '10']);
});
