import { expect, test } from 'vitest';
import type { Field } from '../../core/api';
import { parseBlock, readPlain } from './paste';

const field = (type: Field['type'], more: Partial<Field> = {}): Field => ({ key: 'x', title: 'x', type, ...more });

test.each([
  [
    'a\tb\nc\td\n',
    [
      ['a', 'b'],
      ['c', 'd'],
    ],
  ],
  ['a\r\nb', [['a'], ['b']]],
  ['"two\nlines"\tb', [['two\nlines', 'b']]],
  ['"say ""hi"""', [['say "hi"']]],
  ['\t\t', [['', '', '']]],
])('parseBlock(%j)', (text, want) => expect(parseBlock(text)).toEqual(want));

test.each([
  ['1,234.50', field('money'), '1234.50'],
  ['(1,234.50)', field('money'), '-1234.50'],
  ['15%', field('percent'), '0.15'],
  ['0.15', field('percent'), '0.15'],
  ['2026/3/1', field('date'), '2026-03-01'],
  ['2026年3月', field('date'), '2026-03'],
  ['是', field('switch'), true],
  ['材料', field('select', { options: [{ value: 'm', text: '材料' }] }), 'm'],
  [
    '材料、劳务',
    field('checkbox', {
      options: [
        { value: 'm', text: '材料' },
        { value: 'l', text: '劳务' },
      ],
    }),
    ['m', 'l'],
  ],
])('readPlain(%s)', (text, f, want) => expect(readPlain(text, f)).toEqual({ value: want }));

test.each([
  ['abc', field('number')],
  ['明天', field('date')],
  ['没有的', field('select', { options: [] })],
  ['x', field('attachment')],
])('readPlain(%s) cannot read', (text, f) => expect(readPlain(text, f)).toEqual({ bad: true }));
