import type { CompiledForm, Field, Json, RecordView, Rule, RuleEffect, Tree } from '../api/types';
import { createForm, type FormOptions } from './form';

/** A checked tree of a node. */
export const tree = (e: Json): Tree => ({ v: 1, e });
export const id = (name: string): Json => ['id', name];
export const num = (text: string): Json => ['n', text];
export const str = (text: string): Json => ['s', text];
export const call = (name: string, ...args: Json[]): Json => ['call', name, ...args];
export const is = (name: string, text: string): Tree => tree(['==', id(name), str(text)]);

export const field = (key: string, over: Partial<Field> = {}): Field => ({ key, title: key, type: 'text', ...over });

/** A contract with lines, as the expense contract of the design. */
export function contract(over: Partial<CompiledForm> = {}): CompiledForm {
  const amount = tree(call('ROUND', ['*', id('qty'), id('price')], num('2')));
  const total = tree(call('SUM', ['col', id('lines'), 'amount']));
  return {
    ref: 'cost.contract',
    app: 'cost',
    key: 'contract',
    title: '支出合同',
    version: 1,
    ops: ['create', 'edit'],
    zone: 'Asia/Shanghai',
    fields: [
      field('name', { required: true, maxLength: 10 }),
      field('kind', {
        type: 'select',
        options: [
          { value: 'a', text: '甲' },
          { value: 'b', text: '乙' },
        ],
      }),
      field('opinion', { type: 'textarea' }),
      field('lines', {
        type: 'subtable',
        minItems: 1,
        summary: { amount: 'sum', qty: 'max' },
        columns: [
          field('subject', { required: true }),
          field('qty', { type: 'number', scale: 3, min: '0' }),
          field('price', { type: 'money' }),
          field('amount', { type: 'money', scale: 2, formulaTree: amount }),
        ],
      }),
      field('amount', { type: 'money', scale: 2, formulaTree: total }),
    ],
    layout: [{ kind: 'section', fields: ['lines', 'amount', 'name', 'kind', 'opinion'] }],
    computed: [
      { field: 'lines.amount', tree: amount },
      { field: 'amount', tree: total },
    ],
    ...over,
  };
}

/** A form with ids row1, row2 … for its rows. */
export function open(form: CompiledForm, options: Partial<FormOptions> = {}) {
  let n = 0;
  const newId = () => `row${++n}`;
  return createForm({ form, newId, now: () => Date.UTC(2026, 2, 5), pause: 0, ...options });
}

export const saved = (data: RecordView['data'], over: Partial<RecordView> = {}): RecordView => ({
  id: 'r1',
  form: 'cost.contract',
  rev: 3,
  version: 1,
  state: 'active',
  title: 't',
  data,
  ...over,
});

/** A rule. */
export const rule = (when: Tree, holds: RuleEffect, otherwise?: RuleEffect): Rule => ({
  when,
  then: holds,
  else: otherwise,
});
