import { expect, test } from 'vitest';
import type { CaseView, TreeNode } from '../api/types';
import { caseDuration, caseLabel, currentNodes, path, timeline, treeView } from './index';

const tree: TreeNode[] = [
  { node: 'start', type: 'start', state: 'done' },
  {
    node: 'big',
    type: 'condition',
    state: 'done',
    branches: [
      { title: '> 100 万', taken: false, nodes: [{ node: 'gm', type: 'approve', title: '总经理' }] },
      {
        taken: true,
        nodes: [
          {
            node: 'pm',
            type: 'approve',
            title: '项目经理',
            state: 'current',
            tasks: [
              {
                id: 'cost.contract.1.2.1',
                assignee: 'wang',
                state: 'transferred',
                result: '',
                opened_at: '2026-03-01T08:00:00Z',
                done_at: '2026-03-01T10:00:00Z',
              },
              { id: 'cost.contract.1.2.2', assignee: 'wu', state: 'open', opened_at: '2026-03-01T10:00:00Z' },
            ],
          },
        ],
      },
    ],
  },
];

const view: CaseView = {
  id: 'cost.contract.1',
  form: 'cost.contract',
  record: '1',
  state: 'running',
  initiator: 'li',
  started_at: '2026-03-01T08:00:00Z',
  timeline: [
    { seq: 2, at: '2026-03-01T10:00:00Z', by: 'wang', action: 'transfer', title: '项目经理', to: ['wu'], task: 1 },
    { seq: 1, at: '2026-03-01T08:00:00Z', by: 'li', action: 'submit' },
  ],
  tree,
  actions: [],
  display: { users: { li: '李工', wang: '王工', wu: '吴工' } },
};

const now = Date.UTC(2026, 2, 2, 11);

test('the timeline is in order and ends with who is waited for', () => {
  const items = timeline(view, now, 'zh-CN');
  expect(items.map((i) => [i.who, i.label.text, i.to, i.took])).toEqual([
    ['李工', '提交', '', ''],
    ['王工', '转交', '吴工', '耗时 2 小时'],
    ['吴工', '处理中', '', '已等待 1 天 1 小时'],
  ]);
  expect(items[2]?.open).toBe(true);
});

test('nodes of a branch not taken are skipped', () => {
  const views = treeView(tree, { display: view.display, lang: 'en', now, zone: 'UTC' });
  expect(views[1]?.branches.map((b) => [b.title, b.nodes[0]?.status])).toEqual([
    ['> 100 万', 'skipped'],
    ['Branch 2', 'current'],
  ]);
  expect(path(views).map((n) => n.id)).toEqual(['start', 'pm']);
  expect(currentNodes(tree).map((n) => n.node)).toEqual(['pm']);
});

test('states have texts and tones; unknown ones keep their name', () => {
  expect(caseLabel('rejected', 'en')).toEqual({ text: 'Rejected', tone: 'danger' });
  expect(caseLabel('odd', 'en')).toEqual({ text: 'odd', tone: 'neutral' });
  expect(caseDuration(view, now, 'en')).toBe('1 day 3 hours');
});
