import { expect, test } from 'vitest';
import type { TaskItem } from '../../core/api';
import { boxOf, canBatch, groups, kindFor, nextOf } from './boxes';

const task = (id: string, part: Partial<TaskItem> = {}): TaskItem => ({
  id,
  form: 'a.f',
  form_title: '',
  app: 'a',
  record: `r${id}`,
  title: '',
  initiator: 'li',
  rev: 1,
  ...part,
});

test('the next task is the one below, then the one above, never of the same record', () => {
  const items = [task('1'), task('2'), task('3', { record: 'r2' }), task('4')];
  expect(nextOf(items, 'a.f~r2~2')?.id).toBe('4');
  expect(nextOf(items, 'a.f~r4~4')?.id).toBe('3');
  expect(nextOf([task('1')], 'a.f~r1~1')).toBeUndefined();
});

test('work is completed, the rest approved', () => {
  expect(kindFor(task('1', { can: ['handle'] }), 'approve')).toBe('handle');
  expect(kindFor(task('1', { can: ['approve', 'reject'] }), 'reject')).toBe('reject');
  expect(kindFor(task('1', { can: ['approve'] }), 'reject')).toBe('');
  expect([canBatch(task('1')), canBatch(task('1', { can: ['reject'] }))]).toEqual([false, true]);
});

test('tasks stand under their app, in the order of the first of each', () => {
  const items = [task('1', { app: 'b' }), task('2'), task('3', { app: 'b' })];
  const shown = groups(items, true, new Map([['b', '成本']]));
  expect(shown.map((g) => [g.title, g.items.map((x) => x.id)])).toEqual([
    ['成本', ['1', '3']],
    ['a', ['2']],
  ]);
  expect(groups(items, false, new Map())).toHaveLength(1);
});

test('an address without a box leads to what is to be done', () => {
  expect([boxOf(null), boxOf('x'), boxOf('delegated')]).toEqual(['todo', 'todo', 'delegated']);
});
