import { expect, test } from 'vitest';
import type { NodeTask, TimelineEntry, TreeNode } from '../api/types';
import {
  actionLabel,
  commentParts,
  conditionText,
  deadlineOf,
  modeText,
  nodeDuration,
  pathOf,
  standsFor,
  timeline,
  treeView,
  unwritten,
  votesOf,
  votesText,
} from './index';
import { flow } from './texts';

const now = Date.UTC(2026, 2, 2, 12);
const task = (id: string, part: Partial<NodeTask> = {}): NodeTask => ({ id, assignee: id, state: 'open', ...part });
const agreed = { state: 'done', result: 'approve' } as const;

test('both languages have the same placeholders', () => {
  const names = (text: string) => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
  for (const [key, zh] of Object.entries(flow['zh-CN'])) {
    // "once|3 times": a form for one needs no number.
    const en = (flow.en as Record<string, string>)[key] as string;
    expect([key, names(en)]).toEqual([key, names(zh)]);
  }
});

test.each<[string, Parameters<typeof deadlineOf>[0], string | undefined, boolean?]>([
  ['nothing is due', {}, undefined],
  ['time is left', { due: '2026-03-04T15:00:00Z' }, '剩余 2 天 3 小时', false],
  ['it is late', { due: '2026-03-02T07:00:00Z' }, '已超时 5 小时', true],
  ['decided in time', { due: '2026-03-02T07:00:00Z', ended_at: '2026-03-02T06:00:00Z' }, undefined],
  ['decided too late', { due: '2026-03-02T07:00:00Z', ended_at: '2026-03-02T08:30:00Z' }, '超时 1 小时 30 分钟', true],
  [
    'the clock stands',
    { due: '2026-03-02T07:00:00Z', paused: true, left_minutes: 90 },
    '计时已暂停，剩余 1 小时 30 分钟',
    false,
  ],
  ['the clock stands too late', { left_minutes: 0, paused: true }, '计时已暂停，时限已过', true],
])('deadline: %s', (_name, x, text, late) => {
  const d = deadlineOf(x, now, 'zh-CN');
  expect([d?.text, d?.late]).toEqual([text, late]);
});

test('less than a day is soon', () => {
  expect(deadlineOf({ due: '2026-03-02T20:00:00Z' }, now, 'en')).toMatchObject({ soon: true, text: '8 hours left' });
});

const approve = (part: Partial<TreeNode>): TreeNode => ({ node: 'n', type: 'approve', ...part });

test.each<[string, TreeNode, [number, number] | undefined]>([
  ['one person has no vote', approve({ tasks: [task('a')] }), undefined],
  ['one of them is enough', approve({ mode: 'any', tasks: [task('a', agreed), task('b')] }), undefined],
  ['it is not known whether all count', approve({ tasks: [task('a'), task('b')] }), undefined],
  [
    'a vote',
    approve({ mode: 'vote', tasks: [task('a', agreed), task('b', { state: 'done', result: 'reject' }), task('c')] }),
    [1, 3],
  ],
  ['all asked, one agreed', approve({ tasks: [task('a', agreed), task('b')] }), [1, 2]],
  [
    'handed on counts where it went',
    approve({
      mode: 'all',
      tasks: [task('a', { state: 'transferred' }), task('b', { from: 'a', ...agreed }), task('c')],
    }),
    [1, 2],
  ],
  [
    'a delegate gives an opinion, not a vote',
    approve({
      mode: 'all',
      tasks: [task('a', { state: 'delegated' }), task('b', { from: 'a', ...agreed }), task('c', agreed)],
    }),
    [1, 2],
  ],
  [
    'asked again, the first one votes once',
    approve({
      mode: 'all',
      tasks: [
        task('a', { state: 'delegated' }),
        task('b', { from: 'a', ...agreed }),
        task('a2', { from: 'b', reason: 'back', kind: 'confirm', ...agreed }),
        task('c'),
      ],
    }),
    [1, 2],
  ],
  [
    'signers asked before give opinions',
    approve({
      mode: 'all',
      tasks: [
        task('a', { state: 'delegated' }),
        task('x', { from: 'a', added: 'before', ...agreed }),
        task('c', agreed),
      ],
    }),
    [1, 2],
  ],
  [
    'passed as he agreed before',
    approve({ mode: 'all', tasks: [task('a', { state: 'skipped', reason: 'dedupe' }), task('b')] }),
    [1, 2],
  ],
])('votes: %s', (_name, node, want) => {
  const v = votesOf(node);
  expect(v && [v.agreed, v.total]).toEqual(want);
});

test('votes in words', () => {
  expect(votesText({ agreed: 3, refused: 1, total: 5, percent: 60 }, 'zh-CN')).toBe('同意 3/5（60%）、反对 1');
  expect(modeText({ mode: 'vote', percent: 60, tasks: [task('a'), task('b')] }, 'zh-CN')).toBe('60% 同意通过');
});

test('who stands in for whom', () => {
  const display = { users: { wang: '王', li: '李' } };
  expect(standsFor('wang', 'li', display, 'zh-CN')).toBe('王 代 李');
  expect(standsFor('li', 'li', display, 'zh-CN')).toBe('李');
});

test('a node tells its work, its votes and how long it took', () => {
  const node: TreeNode = {
    node: 'sub',
    type: 'subflow',
    state: 'current',
    work: [
      { state: 'done', ref: 'cost.pay.r1', title: '付款 1', result: 'approved' },
      { state: 'failed', error: '没有权限', tries: 3 },
    ],
  };
  const [v] = treeView([node], { lang: 'zh-CN', now, zone: 'UTC' });
  expect(v?.tone).toBe('danger');
  expect(v?.work.map((w) => [w.text, w.label.text, w.href, w.error])).toEqual([
    ['付款 1', '已通过', '/f/cost.pay/r1', ''],
    ['第 2 项', '失败', '', '没有权限 · 已尝试 3 次'],
  ]);
  const done = approve({
    state: 'done',
    tasks: [
      task('a', { ...agreed, opened_at: '2026-03-01T08:00:00Z', done_at: '2026-03-01T09:00:00Z' }),
      task('b', { ...agreed, opened_at: '2026-03-01T08:00:00Z', done_at: '2026-03-01T11:00:00Z' }),
    ],
  });
  expect(nodeDuration(done, now)).toBe(3 * 3600_000);
});

test('a branch says why it was taken; the condition itself says nothing', () => {
  const [v] = treeView(
    [
      {
        node: 'c',
        type: 'condition',
        reason: 'amount > 100',
        branches: [
          { title: '大额', taken: true, reason: '合同金额大于 100 万', nodes: [] },
          { title: '其他', nodes: [{ node: 'x', type: 'approve', state: 'not_taken' }] },
        ],
      },
    ],
    { lang: 'zh-CN', now, zone: 'UTC' },
  );
  expect([v?.reason, v?.branches[0]?.reason, v?.branches[1]?.nodes[0]?.status]).toEqual([
    '',
    '合同金额大于 100 万',
    'skipped',
  ]);
});

test('lines of the timeline tell delegates, added signers, versions and the end', () => {
  const line = (part: Partial<TimelineEntry>): TimelineEntry => ({
    seq: 1,
    at: '2026-03-01T09:00:00Z',
    action: 'approve',
    ...part,
  });
  const view = {
    id: 'a.b.c',
    form: 'a.b',
    record: 'c',
    state: 'approved' as const,
    initiator: 'li',
    actions: [],
    display: { users: { li: '李', wang: '王' } },
    tree: [
      approve({ tasks: [task('a.b.c.1', { assignee: 'wang', principal: 'li', done_at: '2026-03-01T09:00:00Z' })] }),
    ],
    timeline: [
      line({ seq: 1, by: 'wang', task: 1 }),
      line({ seq: 2, by: 'wang', action: 'add_signer', to: ['li'], detail: { where: 'before' } }),
      line({ seq: 3, action: 'migrate', detail: { from_version: 1, to_version: 2 } }),
      line({ seq: 4, action: 'end', detail: { state: 'approved' } }),
      line({ seq: 5, action: 'auto', reason: 'empty', why: '没有找到部门主管，自动通过' }),
    ],
  };
  const items = timeline(view, now, 'zh-CN').slice(0, 5);
  expect(items.map((x) => [x.who, x.label.text, x.to, x.detail, x.reason])).toEqual([
    ['王 代 李', '同意', '', '', ''],
    ['王', '加签', '李', '前加签', ''],
    ['系统', '升级流程版本', '', '版本 1 → 2', ''],
    ['系统', '已通过', '', '', ''],
    ['系统', '自动处理', '', '', '没有找到部门主管，自动通过'],
  ]);
});

test('comments mark the names they mention', () => {
  expect(commentParts('请 @王五一 和 @王五 看', ['王五', '王五一'])).toEqual([
    { text: '请 ', mention: false },
    { text: '@王五一', mention: true },
    { text: ' 和 ', mention: false },
    { text: '@王五', mention: true },
    { text: ' 看', mention: false },
  ]);
  expect(unwritten('看 @王五', ['王五', '李四'])).toEqual(['李四']);
});

test('references lead to pages; others nowhere', () => {
  expect([pathOf('cost.pay.r1'), pathOf('cost.pay'), pathOf(undefined)]).toEqual(['/f/cost.pay/r1', '', '']);
});

test('no action of a prototype name has a label', () => {
  expect(actionLabel('constructor', 'en').text).toBe('constructor');
});

test.each([
  ['amount >= 10000', '金额 ≥ 10000'],
  ['kind == "采购" and not urgent', '类型 = “采购” 且 非 urgent'],
  ['SUM(lines.amount) > 5 || amount in [1, 2]', 'SUM(清单 金额) > 5 或 金额 属于 [1, 2]'],
  ['合同金额大于 100 万', '合同金额大于 100 万'],
  ['otherwise', '不满足其他分支的条件'],
])('the condition %s reads %s', (text, want) => {
  const titles: Record<string, string> = { amount: '金额', kind: '类型', 'lines.amount': '清单 金额' };
  expect(conditionText(text, (k) => titles[k], 'zh-CN')).toBe(want);
});

test('an opinion is called one', () => {
  const [v] = treeView([approve({ tasks: [task('a', { ...agreed, opinion: true })] })], {
    lang: 'zh-CN',
    now,
    zone: 'UTC',
  });
  expect(v?.people[0]?.label.text).toBe('意见：同意');
});
