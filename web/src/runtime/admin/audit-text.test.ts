import { expect, test } from 'vitest';
import { setLang } from '../../core/i18n';
import { actionText, objectText } from './audit-text';

const entry = (action: string, more: object = {}) => ({ id: '1', at: '', by: 'x', action, ...more });

test('actions have words; unknown ones show their code', () => {
  setLang('zh-CN');
  expect(['task.approve', 'case.withdraw', 'user.password_link', 'key.created', 'odd.thing'].map(actionText)).toEqual([
    '同意',
    '撤回',
    '生成设置密码链接',
    '新建密钥',
    'odd.thing',
  ]);
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
