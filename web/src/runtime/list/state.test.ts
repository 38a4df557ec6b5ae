import { expect, test } from 'vitest';
import { readState, toFilter, writeState } from './state';

test('an address is read back as it was written', () => {
  const s = {
    view: 'big',
    q: '钢筋 & 水泥',
    sort: '-amount',
    conditions: [{ path: 'amount', op: 'ge' as const, value: '1000.50' }],
    columns: ['no', 'case.state'],
  };
  expect(readState(writeState(s))).toEqual(s);
});

test('an address that makes no sense gives an empty state', () => {
  expect(readState('where={bad&where=1').conditions).toEqual([]);
  expect(readState('where=[[1,2]]').conditions).toEqual([]);
  expect(writeState(readState(''))).toBe('');
});

test('conditions become a filter; those without a value are left out', () => {
  expect(
    toFilter([
      { path: 'name', op: 'contains', value: '' },
      { path: 'party', op: 'blank', value: null },
      { path: 'kind', op: 'in', value: ['a'] },
    ]),
  ).toEqual({
    and: [
      { path: 'party', op: 'eq', value: null },
      { path: 'kind', op: 'in', value: ['a'] },
    ],
  });
  expect(toFilter([])).toBeUndefined();
});
