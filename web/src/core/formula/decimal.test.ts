import { expect, test } from 'vitest';
import { Decimal, overflow } from './decimal';
import { exp, ln, log, pow, sqrt } from './power';

const d = (text: string) => {
  const v = Decimal.parse(text);
  if (!v) throw new Error(`no decimal: ${text}`);
  return v;
};

test.each([
  ['1.50', '1.50'],
  ['-0.00', '0.00'],
  ['1e3', '1000'],
  ['.5', '0.5'],
  ['007', '7'],
  ['1e-20', '0.00000000000000000001'],
])('parse %s', (text, want) => expect(d(text).toString()).toBe(want));

test.each(['', '.', 'abc', '1e', '1e21', '0x1', '１', '1'.repeat(35), '1e-21', 'NaN', ' 1'])('refuse %j', (text) => {
  expect(Decimal.parse(text)).toBeUndefined();
});

test.each([
  ['0.1', '+', '0.2', '0.3'],
  ['1.50', '+', '1', '2.50'],
  ['1.50', '*', '2.0', '3.000'],
  ['0.00000000000000000005', '*', '0.1', '0.00000000000000000001'],
  ['10', '/', '4', '2.5'],
  ['1', '/', '3', '0.33333333333333333333'],
  ['-2', '/', '3', '-0.66666666666666666667'],
  ['1000000000000000000000', '/', '3', '333333333333333333333.3333333333333'],
  ['9999999999999999999999999999999999', '+', '0.5', '10000000000000000000000000000000000'],
  ['-3', '%', '2', '1'],
  ['3', '%', '-2', '-1'],
  ['5.5', '%', '2', '1.5'],
])('%s %s %s = %s', (a, op, b, want) => {
  const [x, y] = [d(a), d(b)];
  const got = { '+': x.add(y), '*': x.mul(y), '/': x.div(y), '%': x.mod(y) }[op];
  expect(got?.toString()).toBe(want);
});

test.each([
  ['2.5', 0, 'half', '3'],
  ['-2.5', 0, 'half', '-3'],
  ['2.5', 3, 'half', '2.5'],
  ['1250', -2, 'half', '1300'],
  ['-1.01', 0, 'floor', '-2'],
  ['1.01', 1, 'up', '1.1'],
  ['-1.09', 1, 'down', '-1.0'],
  ['-1.09', 0, 'ceil', '-1'],
] as const)('round %s to %i %s', (a, places, how, want) => {
  expect(d(a).round(places, how).toString()).toBe(want);
});

test('rescale pads', () => expect(d('1.5').rescale(3).toString()).toBe('1.500'));

test('overflow is kept and is above everything', () => {
  const big = d('1e20').mul(d('1e20')).mul(d('1e20'));
  expect(big).toBe(overflow);
  expect(big.add(d('1')).over).toBe(true);
  expect(big.cmp(d('1'))).toBe(1);
});

test('roots and powers', () => {
  expect(sqrt(d('2'))?.toString()).toBe('1.4142135623730950488');
  expect(sqrt(d('0.25'))?.toString()).toBe('0.5');
  expect(sqrt(d('-1'))).toBeUndefined();
  expect(pow(d('1.1'), d('3'))?.toString()).toBe('1.331');
  expect(pow(d('2'), d('-2'))?.toString()).toBe('0.25');
  expect(pow(d('2'), d('0.5'))?.toString()).toBe('1.4142135623730950488');
  expect(pow(d('0'), d('-1'))).toBeUndefined();
});

test('logarithms and exp have 20 significant digits', () => {
  expect(ln(d('10'))?.toString()).toBe('2.302585092994045684');
  expect(log(d('1000'), d('10'))?.toString()).toBe('3');
  expect(log(d('8'), d('0.5'))?.toString()).toBe('-3');
  expect(exp(d('1')).toString()).toBe('2.7182818284590452354');
  expect(exp(d('-100')).toString()).toBe('0');
  expect(exp(d('200')).over).toBe(true);
  expect(ln(d('0'))).toBeUndefined();
});
