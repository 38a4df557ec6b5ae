import { expect, test } from 'vitest';
import { everything, queryOf } from './log-query';

test('days are those of the organisation, the last one whole', () => {
  const q = queryOf({ ...everything, from: '2026-11-01', to: '2026-11-02', by: 'u1' }, 'Asia/Shanghai');
  expect(Date.parse(String(q.from))).toBe(Date.parse('2026-10-31T16:00:00Z'));
  expect(Date.parse(String(q.to))).toBe(Date.parse('2026-11-02T16:00:00Z'));
  expect(q.by).toBe('u1');
  expect('action' in q).toBe(false);
});

test('a day that is lengthened by the clock is whole as well', () => {
  const q = queryOf({ ...everything, from: '2026-10-25', to: '2026-10-25' }, 'Europe/Berlin');
  expect(Date.parse(String(q.to)) - Date.parse(String(q.from))).toBe(25 * 3600_000);
});

test('nothing asked is no condition', () => {
  expect(queryOf(everything, 'UTC')).toEqual({ from: undefined, to: undefined });
});
