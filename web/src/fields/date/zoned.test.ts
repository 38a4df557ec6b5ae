import { expect, test } from 'vitest';
import { toLocal, toWire } from './zoned';

test('a moment is shown and read on the clock of the tenant', () => {
  expect(toLocal('2026-02-28T16:30:00Z', 'minute', 'Asia/Shanghai')).toBe('2026-03-01 00:30');
  expect(Date.parse(toWire('2026-03-01 00:30', 'minute', 'Asia/Shanghai'))).toBe(Date.UTC(2026, 1, 28, 16, 30));
});

test('a calendar day has no zone', () => {
  expect(toLocal('2026-03-01', 'day', 'Asia/Shanghai')).toBe('2026-03-01');
  expect(toWire('2026-03', 'month', 'America/New_York')).toBe('2026-03');
});

test('what is no date gives nothing', () => expect(toWire('x', 'minute', 'UTC')).toBe(''));
