import { expect, test } from 'vitest';
import { daysText, parseDays, parseSpans, parseWorkdays, spansText, Unreadable, workdaysText } from './calendar-text';

test('spans are read as people write them', () => {
  expect(parseSpans('09:00-12:00 13:30-18:00')).toEqual([
    ['09:00', '12:00'],
    ['13:30', '18:00'],
  ]);
  expect(parseSpans('08：00～12：00，14:00-24:00')).toEqual([
    ['08:00', '12:00'],
    ['14:00', '24:00'],
  ]);
  expect(parseSpans('  ')).toEqual([]);
  expect(spansText(parseSpans('09:00-12:00、13:30-18:00'))).toBe('09:00-12:00 13:30-18:00');
});

test.each(['9-12', '12:00-09:00', '09:00-09:00', '25:00-26:00', '13:00-14:00 09:00-10:00', '09:00-12:00 11:00-13:00'])(
  'the span %s is refused',
  (text) => {
    expect(() => parseSpans(text)).toThrow(Unreadable);
  },
);

test('holidays in a row are one line, and come back', () => {
  const text = '2026-10-01~2026-10-03 国庆节\n2027-01-01 元旦';
  const days = parseDays(text);
  expect(days.map((d) => d.date)).toEqual(['2026-10-01', '2026-10-02', '2026-10-03', '2027-01-01']);
  expect(daysText(days)).toBe(text);
  expect(daysText(parseDays('2026-12-31 假\n2027-1-1 假'))).toBe('2026-12-31~2027-01-01 假');
});

test('a bad date is named by its line', () => {
  const at = (text: string) => {
    try {
      parseDays(text);
    } catch (x) {
      return (x as Unreadable).line;
    }
    return 0;
  };
  expect(at('2026-10-01 国庆\n\n2026-02-30 没有')).toBe(3);
  expect(at('2026-10-07~2026-10-01 倒着')).toBe(1);
  expect(at('1900-01-01~2026-01-01 太长')).toBe(1);
});

test('shifted days may have hours of their own', () => {
  const days = parseWorkdays('2026-10-10 调休 09:00-12:00 13:00-15:00\n2026-10-11');
  expect(days).toEqual([
    {
      date: '2026-10-10',
      title: '调休',
      hours: [
        ['09:00', '12:00'],
        ['13:00', '15:00'],
      ],
    },
    { date: '2026-10-11', title: '' },
  ]);
  expect(workdaysText(days)).toBe('2026-10-10 调休 09:00-12:00 13:00-15:00\n2026-10-11');
});
