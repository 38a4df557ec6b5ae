import { expect, test } from 'vitest';
import type { Field, Json } from '../api/types';
import { setLang } from '../i18n';
import { checkValue } from './index';
import { contract, field, id, is, num, open, rule, tree } from './testkit';

const brief = (f: ReturnType<typeof open>) => f.errors.all.value.map((e) => `${e.path} ${e.code}`);

test('all errors are found, with pointers, in the order of the layout', () => {
  const f = open(contract());
  f.rows.add('lines', { qty: '-1' });
  f.rows.add('lines', { subject: 's', qty: '1.2345' });
  f.set('kind', 'z');
  f.errors.validate();
  expect(brief(f)).toEqual([
    '/lines/0/subject required',
    '/lines/0/qty min',
    '/lines/1/qty scale',
    '/name required',
    '/kind option',
  ]);
  expect(f.errors.all.value[1]?.message).toBe('不能小于 0');
});

test('an error goes when its field changes, is hidden, or its row is removed', () => {
  const f = open(contract({ rules: [rule(is('kind', 'a'), { hide: ['name'] })] }));
  const row = f.rows.add('lines', { qty: '-1' });
  f.errors.validate();
  expect(brief(f)).toEqual(['/lines/0/subject required', '/lines/0/qty min', '/name required']);
  f.setCell('lines', row?.id ?? '', 'qty', '1');
  f.set('kind', 'a');
  expect(brief(f)).toEqual(['/lines/0/subject required']);
  f.rows.remove('lines', row?.id ?? '');
  expect(brief(f)).toEqual([]);
});

test('a required subtable, and too few rows', () => {
  const fields = contract().fields.map((x) => (x.key === 'lines' ? { ...x, required: true, minItems: 2 } : x));
  const f = open(contract({ fields }));
  f.set('name', 'n');
  f.errors.validate();
  expect(brief(f)).toEqual(['/lines required']);
  f.rows.add('lines', { subject: 's' });
  f.errors.validate();
  expect(brief(f)).toEqual(['/lines min_items']);
});

test('hidden and read-only fields are not required', () => {
  const f = open(contract({ rules: [rule(tree(['b', true]), { hide: ['name'], lock: ['lines'] })] }));
  f.errors.validate();
  expect(brief(f)).toEqual([]);
});

test('checks block or warn; blank fails like false; what only the server knows is left to it', () => {
  const positive = tree(['>', id('amount'), num('0')]);
  const f = open(
    contract({
      checks: [
        { assert: positive, message: '合同金额必须大于零', level: 'block', field: 'amount' },
        { assert: positive, message: '再看看', level: 'warn', field: 'lines' },
        { assert: tree(['call', 'LOOKUP']), message: 'no', level: 'block', field: 'name' },
        { assert: tree(['b', false]), message: '整体不对', level: 'block', field: '' },
      ],
    }),
  );
  f.set('name', 'n');
  expect(f.errors.validate().map((e) => [e.path, e.message])).toEqual([
    ['/amount', '合同金额必须大于零'],
    ['', '整体不对'],
  ]);
  expect(f.errors.warnings.value.map((e) => [e.path, e.message])).toEqual([['/lines', '再看看']]);
});

test('server errors find their places; deep and unknown ones too', () => {
  const f = open(contract());
  f.rows.add('lines');
  f.errors.apply([
    { path: '/lines/0/qty', code: 'min', message: 'm', params: { min: '0' } },
    { path: '/name/deep', code: 'x.odd', message: '原话' },
    { path: '/lines/0', code: 'duplicate', message: 'd' },
    { path: '', code: 'ledger.exceeded', message: '超预算' },
  ]);
  expect(brief(f)).toEqual(['/lines/0 duplicate', '/lines/0/qty min', '/name x.odd', ' ledger.exceeded']);
  expect(f.cell('name')?.errors.value[0]?.message).toBe('原话');
  f.errors.clear();
  expect(brief(f)).toEqual([]);
});

test('one value is checked when its control is left; empty only after a submit', () => {
  const f = open(contract());
  f.check('name');
  expect(brief(f)).toEqual([]);
  f.set('name', '一二三四五六七八九十一');
  f.check('name');
  expect(brief(f)).toEqual(['/name max_length']);
  f.errors.validate();
  f.set('name', '');
  f.check('name');
  expect(brief(f)).toEqual(['/name required']);
});

test.each<[Partial<Field>, Json, string | undefined]>([
  [{ type: 'number' }, 'abc', 'type'],
  [{ type: 'number', scale: 2 }, '1.50', undefined],
  [{ type: 'number', scale: 2 }, '1.505', 'scale'],
  [{ type: 'money', max: '99999999999999999999.99' }, '100000000000000000000', 'max'],
  [{ type: 'rating', steps: 5 }, '6', 'max'],
  [{ type: 'date' }, '2026-02-30', 'format'],
  [{ type: 'date' }, '2026-02', 'format'],
  [{ type: 'daterange' }, { start: '2026-02-01' }, 'range_open'],
  [{ type: 'phone' }, '+86 138-0000 1111', undefined],
  [{ type: 'phone' }, 'abc', 'format'],
  [{ type: 'email' }, 'a@b.cn', undefined],
  [{ type: 'email' }, 'a b', 'format'],
  [{ type: 'url' }, 'ftp://x', 'format'],
  [{ type: 'url' }, 'https://x.cn', undefined],
  [{ type: 'idcard' }, '11010519491231002x', undefined],
  [{ type: 'idcard' }, '110105194912310021', 'format'],
  [{ type: 'idcard' }, '110105491231002', undefined],
  [{ type: 'attachment', accept: ['pdf'] }, [{ id: '1', name: 'a.PDF', size: 1, type: '' }], undefined],
  [{ type: 'attachment', accept: ['pdf'] }, [{ id: '1', name: 'a.exe', size: 1, type: '' }], 'file_type'],
  [{ type: 'attachment', maxBytes: 5 }, [{ id: '1', name: 'a', size: 6, type: '' }], 'file_size'],
  [{ type: 'date', precision: 'month' }, '2026-02', undefined],
  [{ type: 'date', min: '2026-01-01' }, '2025-12-31', 'min'],
  [{ type: 'date', precision: 'minute' }, '2026-01-01T00:00:00Z', undefined],
  [{ type: 'daterange' }, { start: '2026-02-01', end: '2026-01-01' }, 'range'],
  [{ type: 'text', maxLength: 2 }, '👍👍', undefined],
  [{ type: 'text', maxLength: 2 }, '一二三', 'max_length'],
  [{ type: 'text', pattern: '^[A-Z]+$' }, 'a', 'pattern'],
  [{ type: 'text', pattern: '(?P<x>a)' }, 'b', undefined],
  [{ type: 'select' }, 'any', undefined],
  [{ type: 'checkbox', options: [{ value: 'a', text: 'A' }] }, ['a', 'b'], 'option'],
  [
    { type: 'cascade', options: [{ value: 'a', text: 'A', children: [{ value: 'b', text: 'B' }] }] },
    ['a', 'b'],
    undefined,
  ],
  [{ type: 'cascade', options: [{ value: 'a', text: 'A' }] }, ['a', 'b'], 'option'],
  [{ type: 'image', maxItems: 1 }, [{}, {}], 'max_items'],
])('%o with %j is %s', (over, value, code) => {
  expect(checkValue(field('f', over), value)?.code).toBe(code);
});

test('texts follow the language', () => {
  setLang('en');
  expect(checkValue(field('p', { type: 'percent', max: '1' }), '1.5')?.message).toBe('Must be at most 100%');
  setLang('zh-CN');
});
