import { expect, test } from 'vitest';
import { sectionNames } from './planes';

const who = (planes: string[], admin = false) => ({ id: 'u', name: 'u', planes, admin });

test('each plane opens its sections and no more', () => {
  expect(sectionNames(who([]))).toEqual([]);
  expect(sectionNames(who(['org']))).toEqual(['members', 'depts', 'roles']);
  expect(sectionNames(who(['data:cost']))).toEqual(['explain']);
  expect(sectionNames(who(['org', 'app:cost']))).toEqual(['members', 'depts', 'roles', 'explain']);
  expect(sectionNames(who([], true))).toContain('audit');
});
