import { expect, test } from 'vitest';
import { firstDay, rate, share, workTime } from './numbers';
import { statsTexts } from './texts';

test.each([
  [null, '–'],
  [0, '0 分钟'],
  [59, '59 分钟'],
  [60, '1 小时'],
  [95, '1.6 小时'],
  [4800, '80 小时'],
])('%j minutes of working time are %s', (minutes, want) => {
  expect(workTime(minutes, 'zh-CN')).toBe(want);
});

test.each([
  ['0.1250', '12.5%'],
  ['0', '0%'],
  [undefined, '0%'],
  ['1.0000', '100%'],
])('a rate of %j is %s', (text, want) => {
  expect(rate(text)).toBe(want);
});

test('a bar is as long as its share; the smallest is still seen', () => {
  expect([share(50, 100), share(1, 1000), share(0, 100), share(null, 100), share(5, 0)]).toEqual([50, 2, 0, 0, 0]);
});

test('a period of days ends today, in the zone of the organisation', () => {
  // 23:30 in London is the next day in Shanghai.
  const now = Date.UTC(2026, 10, 22, 23, 30);
  expect([firstDay(1, now, 'Asia/Shanghai'), firstDay(7, now, 'UTC')]).toEqual(['2026-11-23', '2026-11-16']);
});

test('both languages have the same placeholders', () => {
  const names = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, zh] of Object.entries(statsTexts['zh-CN'])) {
    const en = (statsTexts.en as Record<string, string>)[key] as string;
    expect([key, names(en)]).toEqual([key, names(zh)]);
  }
});
