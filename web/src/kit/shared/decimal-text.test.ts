import { expect, test } from 'vitest';
import { cleanNumber, groupNumber, shiftPoint, wireNumber } from './decimal-text';

test.each([
  ['１，２３４．５', '1234.5'],
  ['¥ 1,000.00元', '1000.00'],
  ['-12-3', '-123'],
  ['1.2.3', '1.23'],
  ['abc', ''],
])('cleanNumber(%s)', (text, want) => expect(cleanNumber(text)).toBe(want));

test.each([
  ['007.50', '7.50'],
  ['.5', '0.5'],
  ['3.', '3'],
  ['-', ''],
  ['-0.0', '0.0'],
  ['9999999999999999999999999999.99', '9999999999999999999999999999.99'],
])('wireNumber(%s)', (typed, want) => expect(wireNumber(typed)).toBe(want));

test.each([
  ['1234567.5', 2, '1,234,567.50'],
  ['-1000', -1, '-1,000'],
  ['999', -1, '999'],
  ['0.123', 2, '0.123'],
  ['480.0000', 2, '480.00'],
  ['480.1250', 2, '480.125'],
  ['480.0000', -1, '480.0000'],
  ['100', 0, '100'],
  ['x', 2, 'x'],
])('groupNumber(%s, %s)', (value, scale, want) => expect(groupNumber(value, scale)).toBe(want));

test.each([
  ['0.15', 2, '15'],
  ['15', -2, '0.15'],
  ['1', -2, '0.01'],
  ['-3.5', 2, '-350'],
  ['0', -2, '0'],
  ['12.345', 2, '1234.5'],
])('shiftPoint(%s, %s)', (value, places, want) => expect(shiftPoint(value, places)).toBe(want));
