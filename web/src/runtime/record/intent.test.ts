import { expect, test } from 'vitest';
import { Intent } from './intent';

test('a repeated attempt keeps its key, a changed or finished one gets a new one', () => {
  const i = new Intent();
  const first = i.keyFor({ data: { a: '1' } });
  expect(i.keyFor({ data: { a: '1' } })).toBe(first);
  const changed = i.keyFor({ data: { a: '2' } });
  expect(changed).not.toBe(first);
  i.done();
  expect(i.keyFor({ data: { a: '2' } })).not.toBe(changed);
});
