/** Sample records and their cases for the mock server. Only for development; never part of the build. */
import type { CaseView, Display, HistoryEntry, RecordView, TaskItem, TreeNode } from '../src/core/api';
import { contract, display, parties, projects, subjects } from './mock-data.ts';

const names = [
  '钢筋采购合同',
  '主体劳务分包合同',
  '塔吊租赁合同',
  '商品混凝土供应合同',
  '外墙防水工程合同',
  '脚手架租赁合同',
  '砌体材料采购合同',
  '临时设施搭建合同',
];
const states = ['running', 'approved', 'running', 'approved', 'rejected', 'returned', 'approved', 'withdrawn'] as const;

export function sampleRecords(): RecordView[] {
  return Array.from({ length: 46 }, (_, i) => {
    const qty = String(20 + ((i * 37) % 300));
    const price = (1800 + ((i * 613) % 3200)).toFixed(2);
    const amount = (Number(qty) * Number(price)).toFixed(2);
    const state = states[i % states.length] as (typeof states)[number];
    const project = projects[i % 3] as (typeof projects)[number];
    const no = `HT-2026${String(11 - Math.floor(i / 8)).padStart(2, '0')}-${String(46 - i).padStart(4, '0')}`;
    const name = `${project.title.slice(-3)}${names[i % names.length]}`;
    const at = new Date(Date.UTC(2026, 10, 21, 8) - i * 7.3e7).toISOString();
    return {
      id: `r${i + 1}`,
      form: contract.ref,
      rev: 4,
      version: 3,
      state: 'active',
      title: `${no} ${name}`,
      data: {
        no,
        name,
        project: project.id,
        manager: project.manager,
        party: (parties[i % parties.length] as { id: string }).id,
        kind: (['material', 'labour', 'lease'] as const)[i % 3] as string,
        sign_date: at.slice(0, 10),
        tax: '9%',
        period: { start: at.slice(0, 10), end: '2027-06-30' },
        lines: [
          {
            id: `l${i}a`,
            subject: (subjects[i % subjects.length] as { id: string }).id,
            spec: 'HRB400E Φ12–25',
            qty,
            price,
            amount,
          },
        ],
        amount,
        retention: '0.03',
        advance: i % 2 === 0,
        ...(i % 2 === 0 ? { advance_amount: '50000.00' } : {}),
        ...(Number(amount) > 500000 ? { legal_opinion: '条款已核对，付款节点与招标文件一致。' } : {}),
      },
      display,
      sys: { created_by: 'li', created_at: at, dept: 'd1', updated_by: 'li', updated_at: at },
      case: {
        state,
        nodes: state === 'running' ? [{ id: 'pm', title: '项目经理' }] : [],
        handlers: state === 'running' ? ['wang'] : [],
      },
      rights: {
        ops: ['edit', 'delete', 'history', 'comment'],
        default: state === 'running' ? 'read' : 'write',
        fields: { no: 'read', amount: 'read', ...(state === 'running' ? { legal_opinion: 'write' } : {}) },
        rows: {},
      },
      ...(state === 'running'
        ? { tasks: [{ id: `t${i + 1}`, node: 'pm', rev: 1, actions: ['approve', 'reject', 'return', 'transfer'] }] }
        : {}),
    } as RecordView;
  });
}

export function tree(state: string, i = 0): TreeNode[] {
  const running = state === 'running';
  const done = state === 'approved';
  return [
    {
      node: 'start',
      type: 'start',
      title: '发起',
      state: 'done',
      tasks: [{ id: 'a', assignee: 'li', state: 'done', result: 'submit', done_at: '2026-11-20T02:10:00Z' }],
    },
    {
      node: 'pm',
      type: 'approve',
      title: '项目经理',
      state: running ? 'active' : 'done',
      tasks: [
        {
          id: `t${i}`,
          assignee: 'wang',
          state: running ? 'open' : 'done',
          result: running ? '' : 'approve',
          comment: running ? '' : '同意，注意到货时间。',
          opened_at: '2026-11-20T02:10:00Z',
          done_at: running ? '' : '2026-11-20T05:40:00Z',
        },
      ],
    },
    {
      node: 'review',
      type: 'parallel',
      title: '会签',
      state: running ? '' : 'done',
      branches: [
        {
          title: '法务',
          taken: true,
          nodes: [
            {
              node: 'legal',
              type: 'approve',
              title: '法务审核',
              state: done ? 'done' : '',
              tasks: [{ id: 'c', assignee: 'chen', state: done ? 'done' : 'waiting', result: done ? 'approve' : '' }],
            },
          ],
        },
        {
          title: '财务',
          taken: true,
          nodes: [
            {
              node: 'finance',
              type: 'approve',
              title: '财务审核',
              state: done ? 'done' : '',
              tasks: [
                { id: 'd', assignee: 'zhao', state: done ? 'done' : 'waiting' },
                { id: 'd2', assignee: 'zhou', state: done ? 'done' : 'waiting' },
              ],
            },
          ],
        },
      ],
    },
    {
      node: 'big',
      type: 'condition',
      title: '金额判断',
      state: done ? 'done' : '',
      branches: [
        {
          title: '合同金额 ≥ 100 万',
          taken: false,
          nodes: [
            {
              node: 'gm',
              type: 'approve',
              title: '总经理',
              state: done ? 'skipped' : '',
              tasks: [{ id: 'e', assignee: 'zhang', state: 'waiting' }],
            },
          ],
        },
        { title: '其他情况', taken: done, nodes: [] },
      ],
    },
    { node: 'seal', type: 'handle', title: '用印归档', state: done ? 'done' : '' },
    {
      node: 'cc',
      type: 'cc',
      title: '抄送',
      state: done ? 'done' : '',
      tasks: [{ id: 'f', assignee: 'sun', state: done ? 'done' : 'waiting' }],
    },
    { node: 'end', type: 'end', title: '结束', state: done ? 'done' : '' },
  ];
}

export function caseOf(r: RecordView, me: string): CaseView {
  const i = Number(r.id.slice(1));
  const state = r.case?.state ?? 'running';
  const timeline: CaseView['timeline'] = [
    { seq: 1, at: '2026-11-20T02:10:00Z', by: 'li', action: 'submit', node: 'start', title: '发起' },
  ];
  if (state !== 'running')
    timeline.push({
      seq: 2,
      at: '2026-11-20T05:40:00Z',
      by: 'wang',
      action:
        state === 'rejected'
          ? 'reject'
          : state === 'returned'
            ? 'return'
            : state === 'withdrawn'
              ? 'withdraw'
              : 'approve',
      node: 'pm',
      title: '项目经理',
      comment: state === 'returned' ? '清单第二行单价与定标价不一致，请核对后重新提交。' : '同意，注意到货时间。',
    });
  if (state === 'approved')
    timeline.push(
      {
        seq: 3,
        at: '2026-11-20T07:02:00Z',
        by: 'chen',
        action: 'approve',
        node: 'legal',
        title: '法务审核',
        comment: '条款无异议',
      },
      { seq: 4, at: '2026-11-21T01:15:00Z', by: 'zhao', action: 'approve', node: 'finance', title: '财务审核' },
      { seq: 5, at: '2026-11-21T01:15:01Z', by: '', action: 'skip', node: 'gm', title: '总经理', reason: 'condition' },
      { seq: 6, at: '2026-11-21T02:00:00Z', by: '', action: 'end', title: '结束' },
    );
  const actions: CaseView['actions'] = [];
  if (state === 'running' && me === 'wang') {
    const task = `t${i}`;
    actions.push(
      { kind: 'approve', task },
      { kind: 'reject', task, comment_required: true },
      { kind: 'return', task, comment_required: true, return_to: [{ node: 'start', title: '发起人' }] },
      { kind: 'transfer', task },
    );
  }
  if (me === 'li' && state === 'running') actions.push({ kind: 'urge' }, { kind: 'withdraw' });
  if (me === 'li' && (state === 'returned' || state === 'withdrawn')) actions.push({ kind: 'resubmit' });
  actions.push({ kind: 'comment' });
  return {
    id: `${r.form}.${r.id}`,
    form: r.form,
    record: r.id,
    state,
    initiator: 'li',
    started_at: '2026-11-20T02:10:00Z',
    ended_at: state === 'approved' ? '2026-11-21T02:00:00Z' : '',
    timeline,
    tree: tree(state, i),
    actions,
    display,
  } as CaseView;
}

export function historyOf(r: RecordView): { items: HistoryEntry[]; display: Display } {
  return {
    display,
    items: [
      {
        rev: 4,
        at: '2026-11-21T02:00:00Z',
        by: 'wang',
        action: 'update',
        changes: [
          { field: 'legal_opinion', title: '法务意见', before: '', after: '条款已核对' },
          { field: 'amount', title: '合同金额', before: '480000.00', after: (r.data.amount as string) ?? '' },
        ],
      },
      { rev: 1, at: '2026-11-20T02:10:00Z', by: 'li', action: 'submit', changes: [] },
    ],
  };
}

export function taskOf(r: RecordView, state: string): TaskItem {
  return {
    id: `t${r.id.slice(1)}`,
    form: r.form,
    form_title: '支出合同',
    app: 'cost',
    record: r.id,
    title: r.title,
    summary: [
      { title: '项目', value: display.records?.[r.data.project as string] ?? '' },
      { title: '往来单位', value: display.records?.[r.data.party as string] ?? '' },
      { title: '合同金额', value: `¥${Number(r.data.amount).toLocaleString('en', { minimumFractionDigits: 2 })}` },
    ],
    node: 'pm',
    node_title: '项目经理',
    state,
    result: state === 'done' ? 'approve' : '',
    initiator: 'li',
    opened_at: r.sys?.created_at,
    done_at: state === 'done' ? r.sys?.updated_at : '',
    urged_at: r.id === 'r1' ? '2026-11-21T09:00:00Z' : '',
    rev: 1,
    kind: 'approve',
    case_state: r.case?.state,
    can: r.id === 'r3' ? [] : ['approve', 'reject'],
    ...(r.id === 'r1' ? { due: new Date(Date.now() - 7_200_000).toISOString(), overdue: true } : {}),
    ...(r.id === 'r4' ? { due: new Date(Date.now() + 40_000_000).toISOString(), principal: 'zhao' } : {}),
  } as TaskItem;
}
