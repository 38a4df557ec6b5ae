import { expect, test } from 'vitest';
import { actTexts } from '../act/texts';
import { deviceOf, periodProblem } from './period';
import { mineTexts } from './texts';

const now = Date.UTC(2026, 10, 22);

test.each([
  ['', '2026-11-23T00:00:00Z', '2026-11-24T00:00:00Z', 'delegate'],
  ['li', '', '2026-11-24T00:00:00Z', 'from'],
  ['li', '2026-11-23T00:00:00Z', '', 'until'],
  ['li', '2026-11-24T00:00:00Z', '2026-11-24T00:00:00Z', 'until'],
  ['li', '2026-11-20T00:00:00Z', '2026-11-21T00:00:00Z', 'until'],
  ['li', '2026-11-20T00:00:00Z', '2026-11-24T00:00:00Z', undefined],
])('a delegation to %j from %j until %j: %j', (delegate, from, until, part) => {
  expect(periodProblem(delegate, from, until, now)?.part).toBe(part);
});

test.each([
  ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605 DingTalk/7.0', 'DingTalk', 'iPhone'],
  ['Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0', 'Edge', 'Windows'],
  ['Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 HeadlessChrome/120.0 Safari/537.36', 'Chrome', 'Linux'],
  ['curl/8.0', '', ''],
])('%s', (agent, browser, system) => {
  expect(deviceOf(agent)).toEqual({ browser, system });
});

test.each([
  ['act', actTexts],
  ['mine', mineTexts],
])('the texts of %s have the same placeholders in both languages', (_name, area) => {
  const names = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, zh] of Object.entries(area['zh-CN'])) {
    const en = (area.en as Record<string, string>)[key] as string;
    expect([key, names(en)]).toEqual([key, names(zh)]);
  }
});
