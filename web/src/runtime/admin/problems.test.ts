import { expect, test } from 'vitest';
import { ApiError } from '../../core/api';
import { setLang } from '../../core/i18n';
import { problemsOf } from './problems';

const refused = (...errors: { path: string; code: string; message: string }[]) =>
  new ApiError(422, {
    type: '',
    title: '',
    status: 422,
    code: 'org.user',
    detail: '成员信息需要修改',
    errors,
    request_id: 'r',
  });

test('a refusal is shown at its place', () => {
  setLang('zh-CN');
  const x = refused(
    { path: '/login', code: 'duplicate', message: 'taken' },
    { path: '/depts/3', code: 'unknown', message: 'gone' },
    { path: '/elsewhere', code: 'odd', message: '服务器的话' },
  );
  expect(problemsOf(x, ['login', 'depts'])).toEqual({
    login: '该账号已被使用',
    depts: '部门不存在，可能已被删除',
    '': '服务器的话',
  });
});

test('what has no place is told all the same', () => {
  expect(problemsOf(refused(), ['login'])).toEqual({ '': '成员信息需要修改' });
  expect(problemsOf(new Error('x'), [])[''] ?? '').not.toBe('');
});
