import { expect, test } from 'vitest';
import type { AdminDept } from '../../core/api/admin';
import { branch, levels } from './tree';

const dept = (id: string, parent: string): AdminDept => ({
  id,
  parent,
  name: id,
  rev: 1,
  heads: [],
  order: 0,
  members: 0,
});
const all = [dept('hq', ''), dept('eng', 'hq'), dept('team', 'eng'), dept('fin', 'hq'), dept('lost', 'gone')];

test('levels follow the parents; what lost its parent stands at the top', () => {
  expect([...levels(all)]).toEqual([
    ['hq', 0],
    ['eng', 1],
    ['team', 2],
    ['fin', 1],
    ['lost', 0],
  ]);
});

test('a branch is the department and all below it', () => {
  expect([...branch(all, 'eng')]).toEqual(['eng', 'team']);
});
