import { expect, test } from 'vitest';
import type { CaseAction } from '../../core/api';
import { outcome } from './clash';
import { placed } from './names';
import { bodyOf, type Given, mentions, missing, planOf, typedAt } from './plan';

const nothing: Given = {
  comment: '',
  to: [],
  where: 'before',
  back: false,
  mention: [],
  files: [],
  signature: '',
  choose: {},
  task: '',
};
const given = (part: Partial<Given>): Given => ({ ...nothing, ...part });

test.each<[string, CaseAction, Partial<Given>, string | undefined]>([
  ['approve needs nothing', { kind: 'approve' }, {}, undefined],
  ['a required comment', { kind: 'approve', comment_required: true }, { comment: '  ' }, 'comment'],
  ['a return without a node', { kind: 'return', return_to: [] }, {}, 'nodes'],
  ['transfer to nobody', { kind: 'transfer' }, {}, 'people'],
  ['two where one may be', { kind: 'delegate' }, { to: ['a', 'b'] }, 'people'],
  ['several signers', { kind: 'add_signer', where: ['before'] }, { to: ['a', 'b'] }, undefined],
  ['fewer signers than needed', { kind: 'add_signer', to: { kind: 'user', min: 2 } }, { to: ['a'] }, 'people'],
  ['a required file', { kind: 'approve', attachment_required: true }, {}, 'files'],
  ['a required signature', { kind: 'approve', signature_required: true }, {}, 'signature'],
  ['nobody for a later node', { kind: 'approve', choose: [{ node: 'gm', title: '', min: 1 }] }, {}, 'choose-gm'],
  [
    'somebody for a later node',
    { kind: 'approve', choose: [{ node: 'gm', title: '' }] },
    { choose: { gm: ['a'] } },
    undefined,
  ],
  ['a termination without a reason', { kind: 'terminate' }, {}, 'comment'],
  ['a reassignment without a task', { kind: 'reassign' }, { to: ['a'] }, 'task'],
  ['a jump without a node', { kind: 'jump', nodes: [] }, { comment: 'x' }, 'nodes'],
])('%s', (_name, action, part, want) => {
  expect(missing(action, given(part), false)?.part).toBe(want);
});

test('a drawing counts as a signature before it is sent', () => {
  expect(missing({ kind: 'approve', signature_required: true }, given({}), true)).toBeUndefined();
});

test('the body holds what was given and nothing else', () => {
  expect(bodyOf({ kind: 'approve' }, given({ comment: ' ok ' }))).toEqual({ comment: 'ok' });
  expect(bodyOf({ kind: 'transfer' }, given({ to: ['a'] })).to).toBe('a');
  expect(bodyOf({ kind: 'return' }, given({ to: ['n1'], back: true }))).toEqual({ to: 'n1', back: true });
  const added = bodyOf({ kind: 'add_signer' }, given({ to: ['a'], where: 'after' }));
  expect(added).toEqual({ to: ['a'], where: 'after' });
  expect(bodyOf({ kind: 'save' }, given({ comment: 'lost' }))).toEqual({});
});

test('a mention lasts as long as its name', () => {
  expect(mentions('请 @王工 看一下', { wang: '王工', li: '李工' })).toEqual(['wang']);
});

test.each<[string, string, number]>([
  ['', '@', 0],
  ['请看', '请看@', 2],
  ['请看。', '请@看。', 1],
  ['me', 'me@', -1],
  ['abc', 'abcd', -1],
  ['a', 'a@b', -1],
])('typing %j to %j opens the choice at %i', (before, after, at) => {
  expect(typedAt(before, after)).toBe(at);
});

test('administrators act from a menu of their own', () => {
  const p = placed([
    { kind: 'approve' },
    { kind: 'transfer' },
    { kind: 'approve', admin: true },
    { kind: 'terminate' },
  ]);
  expect([p.buttons.length, p.menu.map((a) => a.kind), p.admin.map((a) => a.kind)]).toEqual([
    1,
    ['transfer'],
    ['approve', 'terminate'],
  ]);
});

test('files and opinions belong to what says something', () => {
  expect(planOf({ kind: 'suspend' })).toMatchObject({ files: 'none', comment: 'required' });
  expect(planOf({ kind: 'resume' })).toMatchObject({ files: 'none', comment: 'optional' });
  expect(planOf({ kind: 'comment' })).toMatchObject({ files: 'optional', comment: 'required', mention: true });
});

test.each<[Record<string, string>, string]>([
  [{ result: 'approve', state: 'done' }, 'approve'],
  [{ result: '', state: 'cancelled', reason: 'withdrawn' }, 'withdrawn'],
  [{ result: '', state: 'cancelled', reason: 'decided' }, 'done'],
  [{ result: '', state: 'transferred' }, 'transferred'],
  [{}, 'done'],
])('what became of a task with %j: %s', (params, want) => {
  expect(outcome(params)).toBe(want);
});
