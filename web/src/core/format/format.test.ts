import { expect, test } from 'vitest';
import type { Field } from '../api/types';
import {
  capitalAmount,
  cleanNumber,
  displayValue,
  duration,
  fileSize,
  formatDate,
  formatMoney,
  formatNumber,
  formatPercent,
  formatRange,
  groupIdCard,
  groupPhone,
  maskIdCard,
  maskPhone,
  percentToValue,
  relativeTime,
  shortNumber,
  valueToPercent,
} from './index';

test.each([
  ['1234567.50', -1, '1,234,567.5'],
  ['-1234.5', 2, '-1,234.50'],
  ['0.005', 2, '0.01'],
  ['-0.005', 2, '-0.01'],
  ['9007199254740993.12', 2, '9,007,199,254,740,993.12'],
  ['abc', 2, 'abc'],
])('number %s with scale %i is %s', (value, scale, want) => {
  expect(formatNumber(value, scale)).toBe(want);
});

test('money carries its sign before the currency', () => {
  expect(formatMoney('1500000', 'CNY')).toBe('¥1,500,000.00');
  expect(formatMoney('-3.5', 'USD')).toBe('-$3.50');
  expect(formatMoney('1.2345', 'CNY')).toBe('¥1.2345');
  expect(formatMoney('1', 'CHF')).toBe('CHF 1.00');
  expect(formatMoney('')).toBe('');
});

test('percent is shown from its stored fraction and read back', () => {
  expect(formatPercent('0.15')).toBe('15%');
  expect(formatPercent('0.1525', 4)).toBe('15.25%');
  expect(percentToValue('15.5')).toBe('0.155');
  expect(valueToPercent('0.155')).toBe('15.5');
});

test('typed numbers are cleaned', () => {
  expect(cleanNumber('¥1,234.50')).toBe('1234.50');
  expect(cleanNumber('１２３。５')).toBe('123.5');
});

test.each([
  ['0', '零元整'],
  ['100', '壹佰元整'],
  ['10.05', '壹拾元零伍分'],
  ['0.5', '伍角整'],
  ['1234.56', '壹仟贰佰叁拾肆元伍角陆分'],
  ['10001', '壹万零壹元整'],
  ['100000001', '壹亿零壹元整'],
  ['20300400', '贰仟零叁拾万零肆佰元整'],
  ['-1', '负壹元整'],
])('capital of %s', (value, want) => {
  expect(capitalAmount(value)).toBe(want);
});

test('dates follow precision, language and zone', () => {
  expect(formatDate('2026-03-05')).toBe('2026-03-05');
  expect(formatDate('2026-03', 'month', 'en')).toBe('Mar 2026');
  expect(formatDate('2026-03-05', 'day', 'en')).toBe('Mar 5, 2026');
  expect(formatDate('2026-03-05T18:30:00Z', 'minute', 'zh-CN', 'Asia/Shanghai')).toBe('2026-03-06 02:30');
  expect(formatRange({ start: '2026-01-01', end: '2026-02-01' })).toBe('2026-01-01 ~ 2026-02-01');
});

test('relative times', () => {
  const now = Date.UTC(2026, 2, 5, 12);
  expect(relativeTime('2026-03-05T11:59:30Z', now)).toBe('刚刚');
  expect(relativeTime('2026-03-05T11:01:00Z', now, 'en')).toBe('59 minutes ago');
  expect(relativeTime('2026-03-05T13:01:00Z', now)).toBe('1 小时后');
  expect(relativeTime('2026-03-04T10:00:00Z', now)).toBe('昨天');
  expect(relativeTime('2026-03-02T10:00:00Z', now, 'en')).toBe('3 days ago');
  expect(relativeTime('2026-02-01T10:00:00Z', now)).toBe('2026-02-01 10:00');
});

test('durations name their two largest units', () => {
  expect(duration(30_000)).toBe('不到 1 分钟');
  expect(duration(3_660_000, 'en')).toBe('1 hour 1 minute');
  expect(duration(100_000_000)).toBe('1 天 3 小时');
});

test('sizes, masks and short numbers', () => {
  expect(fileSize(900)).toBe('900 B');
  expect(fileSize(1536)).toBe('1.5 KB');
  expect(fileSize(300 * 1024 * 1024)).toBe('300 MB');
  expect(maskPhone('13812345678')).toBe('138****5678');
  expect(groupPhone('13812345678')).toBe('138 1234 5678');
  expect(maskIdCard('110101199003074258')).toBe('110101**********58');
  expect(groupIdCard('110101199003074258')).toBe('110101 19900307 4258');
  expect(shortNumber('12345678', 'zh-CN')).toBe('1,234.57万');
  expect(shortNumber('12345678', 'en')).toBe('12.35M');
});

const field = (over: Partial<Field>): Field => ({ key: 'f', title: 'F', type: 'text', ...over });

test.each<[Partial<Field>, unknown, string]>([
  [{ type: 'text' }, null, ''],
  [{ type: 'checkbox' }, [], ''],
  [{ type: 'number', scale: 2, unit: 'm³' }, '1234.5', '1,234.5 m³'],
  [{ type: 'money', currency: 'USD' }, '10', '$10.00'],
  [{ type: 'member', multiple: true }, ['u1', 'u9'], '李工、u9'],
  [{ type: 'department' }, 'd1', '工程部'],
  [{ type: 'select', options: [{ value: 'a', text: '甲' }] }, 'a', '甲'],
  [{ type: 'multiselect', options: [{ value: 'a', text: '甲' }] }, ['a', 'gone'], '甲、gone'],
  [
    { type: 'cascade', options: [{ value: 'a', text: '甲', children: [{ value: 'b', text: '乙' }] }] },
    ['a', 'b'],
    '甲 / 乙',
  ],
  [{ type: 'switch' }, false, '否'],
  [{ type: 'attachment' }, [{ id: '1', name: 'a.pdf', size: 1, type: 'x' }], 'a.pdf'],
  [{ type: 'subtable' }, [{ id: '1' }, { id: '2' }], '共 2 行'],
  [{ type: 'relation' }, 'r1', '一号楼'],
  [{ type: 'formula', resultType: 'money' }, '5', '¥5.00'],
  [{ type: 'formula', resultType: 'switch' }, true, '是'],
  [{ type: 'richtext' }, '<p>你好 <b>x</b></p>', '你好 x'],
  [{ type: 'address' }, { region: ['北京', '海淀'], detail: '1 号' }, '北京 / 海淀 1 号'],
  [{ type: 'money', right: 'masked' }, '***', '***'],
])('display of %o', (over, value, want) => {
  const display = { users: { u1: '李工' }, depts: { d1: '工程部' }, records: { r1: '一号楼' } };
  expect(displayValue(field(over), value, display, 'zh-CN')).toBe(want);
});
