import { expect, test } from 'vitest';
import { ApiError } from '../../core/api';
import { setLang } from '../../core/i18n';
import { placesOf } from './security-problems';

const values = { all: '10.0.0.0/8\nnonsense', admin: '', min_length: '4', totp: 'none' };
const refused = (path: string, code: string) =>
  new ApiError(422, { code: 'settings.invalid', title: 'x', errors: [{ path, code, message: 'not so' }] });

test('what is refused stands at its place, naming the line', () => {
  setLang('zh-CN');
  expect(placesOf(refused('/security/addresses/all/1', 'cidr'), values, '')).toEqual({
    all: '“nonsense”不是有效的地址或网段',
  });
  expect(placesOf(refused('/security/addresses/all', 'locked_out'), values, '203.0.113.9').all).toContain(
    '203.0.113.9',
  );
  expect(placesOf(refused('/security/password/min_length', 'minimum'), values, '').min_length).toBeTruthy();
  expect(Object.keys(placesOf(refused('/security/elsewhere', 'x'), values, ''))).toEqual(['']);
});
