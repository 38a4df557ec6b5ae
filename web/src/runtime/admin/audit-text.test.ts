import { expect, test } from 'vitest';
import { actionChoices, objectText, titlesOf } from './audit-text';

const entry = (action: string, more: object = {}) => ({ id: '1', at: '', by: 'x', action, ...more });

const actions = [
  { action: '', kind: 'data', title: '数据' },
  { action: 'create', kind: 'data', title: '新建' },
  { action: '', kind: 'login', title: '登录' },
  { action: 'login', kind: 'login', title: '登录' },
];

test('kinds and actions are offered once each', () => {
  expect(actionChoices(actions)).toEqual([
    { value: 'data', text: '数据' },
    { value: 'create', text: '　新建' },
    { value: 'login', text: '登录' },
  ]);
  expect(titlesOf(actions)).toEqual({ data: '数据', create: '新建', login: '登录' });
});

test('an entry says what it is about', () => {
  const names = { u1: '李娜' };
  expect(objectText(entry('create', { title: '合同', form: 'cost.contract' }), names)).toBe('合同');
  expect(objectText(entry('user.left', { detail: { user: 'u1', login: 'li' } }), names)).toBe('李娜');
  expect(objectText(entry('user.left', { detail: { user: 'u2', login: 'wu' } }), names)).toBe('wu');
  expect(objectText(entry('key.revoked', { detail: { key: 'abc' } }), names)).toBe('abc');
  expect(objectText(entry('role.changed', { detail: { role: 'base.pm' } }), names)).toBe('base.pm');
  expect(objectText(entry('login'), names)).toBe('');
});
