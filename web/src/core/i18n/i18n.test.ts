import { expect, test } from 'vitest';
import { area, areas, createTranslator, errorText, faultText, fill, langOf, t } from './index';

test('texts are found by area and key, in both languages', () => {
  expect(t('common.selected', { n: 3 })).toBe('已选 3 项');
  expect(t('common.daysAgo', { n: 1 }, 'en')).toBe('1 day ago');
  expect(t('common.daysAgo', { n: 2 }, 'en')).toBe('2 days ago');
});

test('both languages have the same placeholders', () => {
  const names = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const [name, one] of Object.entries(areas)) {
    for (const [key, zh] of Object.entries(one['zh-CN'] as Record<string, string>)) {
      const en = (one.en as Record<string, string>)[key] as string;
      expect([`${name}.${key}`, names(en)]).toEqual([`${name}.${key}`, names(zh)]);
    }
  }
});

test('a missing placeholder stays visible', () => expect(fill('{a} and {b}', { a: 1 })).toBe('1 and {b}'));

test('errors speak by their code, else by what the server said', () => {
  expect(faultText({ code: 'max', params: { max: '10' } }, 'zh-CN')).toBe('不能大于 10');
  expect(faultText({ code: 'max', message: 'too large' }, 'zh-CN')).toBe('too large');
  expect(faultText({ code: 'check', message: '合同金额必须大于零' }, 'en')).toBe('合同金额必须大于零');
  expect(errorText({ code: 'record.stale' }, 'en')).toContain('reload');
  expect(errorText({ code: 'x.y' }, 'en')).toBe('The operation failed (x.y)');
  expect(errorText({ code: 'toString', message: 'm' }, 'en')).toBe('m');
});

test('parts loaded later bring their own areas', () => {
  const tt = createTranslator({ build: area({ undo: '撤销' }, { undo: 'Undo' }) });
  expect(tt('build.undo', {}, 'en')).toBe('Undo');
});

test('language tags', () => {
  expect([langOf(''), langOf('zh-TW'), langOf('en-US'), langOf('de')]).toEqual(['zh-CN', 'zh-CN', 'en', 'en']);
});
