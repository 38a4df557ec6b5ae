/** A case with everything that can happen in one, and the user's own pages; for looking at. Never part of the build. */
import type { CaseView, FlowStats, TimelineEntry, TreeNode } from '../src/core/api';
import { display } from './mock-data.ts';

const file = (id: string, name: string, type: string) => ({ id, name, size: 182_000, type });
const at = (day: number, time: string) => `2026-11-${String(day).padStart(2, '0')}T${time}:00Z`;
const hour = 3_600_000;
const soon = (h: number) => new Date(Date.now() + h * hour).toISOString();

const lines: TimelineEntry[] = [
  { seq: 1, at: at(18, '01:10'), by: 'li', action: 'submit', node: 'start', title: '发起' },
  {
    seq: 2,
    at: at(18, '01:10'),
    action: 'auto',
    node: 'dept',
    title: '部门负责人',
    reason: 'self',
    why: '处理人就是发起人，自动通过',
  },
  {
    seq: 3,
    at: at(18, '03:00'),
    by: 'wang',
    action: 'return',
    node: 'pm',
    title: '项目经理',
    to: ['start'],
    task: 1,
    comment: '@李小明 清单第二行单价与定标价不一致，请核对后重新提交。',
    mention: ['li'],
  },
  {
    seq: 4,
    at: at(18, '06:20'),
    by: 'li',
    action: 'resubmit',
    node: 'start',
    title: '发起',
    comment: '已按定标价修改',
  },
  {
    seq: 5,
    at: at(18, '08:00'),
    by: 'wang',
    action: 'add_signer',
    node: 'pm',
    title: '项目经理',
    to: ['wu', 'sun'],
    detail: { where: 'before' },
    comment: '请核对工程量',
  },
  {
    seq: 6,
    at: at(19, '02:00'),
    by: 'wu',
    action: 'approve',
    node: 'pm',
    title: '项目经理',
    task: 3,
    comment: '工程量与图纸一致',
    files: [file('f1', '工程量核对表.xlsx', 'application/vnd.ms-excel'), file('f2', '现场照片.png', 'image/png')],
  },
  {
    seq: 7,
    at: at(19, '06:00'),
    by: 'wang',
    action: 'approve',
    node: 'pm',
    title: '项目经理',
    task: 5,
    comment: '同意',
    signature: file('f3', 'signature.png', 'image/png'),
  },
  {
    seq: 8,
    at: at(19, '07:00'),
    by: 'zhou',
    action: 'approve',
    node: 'vote',
    title: '评审会',
    task: 6,
    reason: 'delegated',
    why: '按委托设置代赵敏处理',
  },
  { seq: 9, at: at(19, '07:30'), by: 'admin', action: 'suspend', comment: '等待预算批复', detail: { admin: true } },
  { seq: 10, at: at(20, '01:30'), by: 'admin', action: 'resume' },
  { seq: 11, at: at(20, '02:00'), action: 'migrate', detail: { from_version: 3, to_version: 4 } },
  { seq: 12, at: at(20, '03:00'), by: 'li', action: 'urge' },
];

const nodes = (): TreeNode[] => [
  { node: 'start', type: 'start', title: '发起', state: 'done' },
  {
    node: 'dept',
    type: 'approve',
    title: '部门负责人',
    state: 'skipped',
    reason: 'self',
    why: '处理人就是发起人，自动通过',
    tasks: [{ id: 'x.0', assignee: 'li', state: 'skipped', reason: 'self' }],
  },
  {
    node: 'pm',
    type: 'approve',
    title: '项目经理',
    state: 'done',
    mode: 'all',
    due: at(19, '04:00'),
    tasks: [
      { id: 'x.2', assignee: 'wang', state: 'delegated', opened_at: at(18, '06:20') },
      { id: 'x.3', assignee: 'wu', state: 'done', result: 'approve', from: 'x.2', added: 'before', reason: 'added' },
      { id: 'x.4', assignee: 'sun', state: 'cancelled', from: 'x.2', added: 'before', reason: 'removed' },
      {
        id: 'x.5',
        assignee: 'wang',
        state: 'done',
        result: 'approve',
        from: 'x.3',
        reason: 'back',
        kind: 'confirm',
        opened_at: at(19, '02:00'),
        done_at: at(19, '06:00'),
      },
    ],
  },
  {
    node: 'big',
    type: 'condition',
    title: '金额判断',
    state: 'done',
    branches: [
      {
        title: '大额合同',
        taken: true,
        reason: '合同金额大于等于 1,000,000',
        nodes: [
          {
            node: 'vote',
            type: 'approve',
            title: '评审会',
            state: 'current',
            mode: 'vote',
            percent: 60,
            due: soon(-5),
            overdue: true,
            tasks: [
              {
                id: 'x.6',
                assignee: 'zhou',
                principal: 'zhao',
                state: 'done',
                result: 'approve',
                opened_at: at(19, '06:00'),
                done_at: at(19, '07:00'),
                reason: 'delegated',
                why: '按委托设置代赵敏处理',
              },
              { id: 'x.7', assignee: 'chen', state: 'done', result: 'reject', opened_at: at(19, '06:00') },
              { id: 'x.8', assignee: 'zhang', state: 'open', opened_at: at(19, '06:00') },
              { id: 'x.9', assignee: 'wu', state: 'open', opened_at: at(19, '06:00'), added: 'beside' },
              { id: 'x.10', assignee: 'sun', state: 'open', opened_at: at(19, '06:00') },
            ],
          },
        ],
      },
      {
        title: '其他情况',
        taken: false,
        reason: '金额未达到 1,000,000',
        nodes: [{ node: 'small', type: 'approve', title: '副经理', state: 'not_taken' }],
      },
    ],
  },
  {
    node: 'pay',
    type: 'subflow',
    title: '分期付款',
    state: 'current',
    note: '发起 付款申请，每行一份',
    work: [
      { item: 0, state: 'done', ref: 'cost.expense_contract.r2', title: '付款 1 / 3', result: 'approved' },
      { item: 1, state: 'pending', ref: 'cost.expense_contract.r3', title: '付款 2 / 3' },
      { item: 2, state: 'failed', error: '收款账户为空', tries: 3 },
    ],
  },
  {
    node: 'hook',
    type: 'call',
    title: '同步到财务系统',
    state: 'pending',
    note: '调用 财务系统',
  },
  { node: 'wait', type: 'delay', title: '等待到货', state: 'pending', note: '到货日期当天' },
  { node: 'seal', type: 'handle', title: '用印归档', state: 'pending', chosen: ['sun'] },
  { node: 'end', type: 'end', title: '结束', state: 'pending' },
];

const people = { kind: 'user', min: 1, max: 10 };

/** A case with every kind of line, node and action. */
export function fullCase(form: string, record: string): CaseView {
  const task = 'x.8';
  return {
    id: `${form}.${record}`,
    form,
    record,
    state: 'running',
    initiator: 'li',
    started_at: at(18, '01:10'),
    timeline: lines,
    tree: nodes(),
    parent: { case: 'cost.expense_contract.r4', title: '滨江花园年度采购', node: 'n', node_title: '采购' },
    children: [{ case: 'cost.expense_contract.r2', title: '付款 1 / 3', form_title: '付款申请', state: 'approved' }],
    actions: [
      {
        kind: 'approve',
        task,
        rev: 1,
        signature_required: true,
        comment_required: true,
        choose: [
          { node: 'seal', title: '用印归档', min: 1, max: 2, from: ['sun', 'zhou', 'zhao'] },
          { node: 'gm', title: '总经理', min: 1, max: 1 },
        ],
      },
      { kind: 'reject', task, rev: 1, comment_required: true },
      {
        kind: 'return',
        task,
        rev: 1,
        comment_required: true,
        return_to: [
          { node: 'start', title: '发起' },
          { node: 'pm', title: '项目经理' },
        ],
      },
      { kind: 'transfer', task, rev: 1, to: { kind: 'user', min: 1, max: 1 } },
      { kind: 'delegate', task, rev: 1, to: { kind: 'user', min: 1, max: 1 } },
      { kind: 'add_signer', task, rev: 1, where: ['before', 'after', 'beside'], to: people },
      { kind: 'remove_signer', task, rev: 1, to: { ...people, from: ['wu', 'sun'] } },
      { kind: 'save', task, rev: 1 },
      { kind: 'comment' },
      { kind: 'reassign', admin: true },
      {
        kind: 'jump',
        admin: true,
        nodes: [
          { node: 'pm', title: '项目经理' },
          { node: 'seal', title: '用印归档' },
        ],
      },
      { kind: 'suspend', admin: true },
      { kind: 'retry', admin: true },
      { kind: 'skip', admin: true },
      { kind: 'terminate', admin: true },
    ],
    display,
  };
}

let own = ['同意，请按合同执行', '请补充报价单', '已核对，无误'];
let delegations = [
  {
    id: 'd1',
    user: 'wang',
    delegate: 'zhang',
    from: soon(-24),
    until: soon(72),
    forms: ['cost'],
    note: '出差',
    state: 'active',
    rev: 1,
  },
  { id: 'd2', user: 'wang', delegate: 'wu', from: soon(200), until: soon(300), note: '休假', state: 'planned', rev: 1 },
  { id: 'd3', user: 'wang', delegate: 'li', from: soon(-900), until: soon(-800), note: '', state: 'ended', rev: 2 },
];

const stats: FlowStats = {
  form: 'cost.expense_contract',
  title: '支出合同',
  from: '2026-10-24',
  until: '2026-11-22',
  cases: { count: 42, median_minutes: 1320, p90_minutes: 4100, running: 9, overdue: 3, returned: 6, rejected: 2 },
  nodes: [
    {
      node: 'pm',
      title: '项目经理',
      count: 51,
      median: 180,
      p90: 900,
      overdue: 1,
      return_rate: '0.1176',
      open: 4,
      oldest_minutes: 1500,
      waiting: ['wang', 'wu'],
    },
    {
      node: 'legal',
      title: '法务审核',
      count: 44,
      median: 620,
      p90: 2100,
      overdue: 6,
      return_rate: '0.0455',
      open: 5,
      oldest_minutes: 3200,
      waiting: ['chen'],
    },
    {
      node: 'finance',
      title: '财务审核',
      count: 43,
      median: 95,
      p90: 400,
      overdue: 0,
      return_rate: '0.0000',
      open: 0,
      oldest_minutes: null,
    },
  ],
  people: [
    { user: 'chen', open: 5, overdue_open: 2, oldest_minutes: 3200, count: 44, median: 620, overdue: 4 },
    { user: 'wang', open: 3, oldest_minutes: 1500, count: 30, median: 170, overdue: 1 },
    { user: 'wu', open: 1, oldest_minutes: 40, count: 21, median: 200 },
  ],
  weeks: [
    { week: '2026-W44', from: '2026-10-26', cases: 8, median_minutes: 1500, rejected: 1, overdue: 0 },
    { week: '2026-W45', from: '2026-11-02', cases: 12, median_minutes: 1200, rejected: 0, overdue: 2 },
    { week: '2026-W46', from: '2026-11-09', cases: 15, median_minutes: 1350, rejected: 1, overdue: 1 },
    { week: '2026-W47', from: '2026-11-16', cases: 7, median_minutes: 1100, rejected: 0, overdue: 0 },
  ],
  bottleneck: [
    {
      case: 'cost.expense_contract.r1',
      title: 'HT-202611-0001 一号楼钢筋采购合同',
      node: 'legal',
      node_title: '法务审核',
      user: 'chen',
      opened_at: at(16, '02:00'),
      minutes: 3200,
      overdue: true,
    },
    { title: '', node: 'legal', node_title: '法务审核', user: 'chen', opened_at: at(18, '02:00'), minutes: 1800 },
  ],
  display,
};

interface Call {
  body: { items?: unknown[]; [key: string]: unknown };
  query: URLSearchParams;
}

/** The routes of flows that the first mock does not have. */
export const flowRoutes: [string, RegExp, (m: RegExpExecArray, c: Call) => unknown][] = [
  ['GET', /^\/me\/phrases$/, () => ({ items: own, common: ['请财务复核', '情况属实'] })],
  [
    'PUT',
    /^\/me\/phrases$/,
    (_m, c) => {
      own = c.body.items as string[];
      return { items: own, common: ['请财务复核', '情况属实'] };
    },
  ],
  [
    'GET',
    /^\/delegations$/,
    () => ({
      items: delegations,
      standing_for: [{ id: 'd9', user: 'zhao', delegate: 'wang', from: soon(-5), until: soon(50), state: 'active' }],
      display,
    }),
  ],
  [
    'POST',
    /^\/delegations$/,
    (_m, c) => {
      const made = { id: `d${delegations.length + 10}`, user: 'wang', state: 'planned', rev: 1, ...c.body } as never;
      delegations = [made, ...delegations];
      return made;
    },
  ],
  ['PATCH', /^\/delegations\/(\w+)$/, (m, c) => ({ ...delegations.find((d) => d.id === m[1]), ...c.body })],
  [
    'DELETE',
    /^\/delegations\/(\w+)$/,
    (m) => {
      delegations = delegations.filter((d) => d.id !== m[1]);
    },
  ],
  [
    'GET',
    /^\/sessions$/,
    () => ({
      items: [
        {
          id: 's1',
          created_at: at(20, '01:00'),
          seen_at: soon(-0.1),
          addr: '203.0.113.9',
          agent: 'Mozilla/5.0 (Windows NT 10.0) Chrome/120.0 Safari/537',
          current: true,
        },
        {
          id: 's2',
          created_at: at(10, '01:00'),
          seen_at: soon(-30),
          addr: '198.51.100.7',
          agent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_0) DingTalk/7.0',
        },
      ],
    }),
  ],
  ['DELETE', /^\/sessions(\/\w+)?$/, () => undefined],
  ['GET', /^\/flows\/(.+)\/stats$/, () => stats],
  [
    'POST',
    /^\/tasks\/batch$/,
    (_m, c) => ({
      items: (c.body.items as { id: string }[]).map((x, i) =>
        i === 1
          ? { id: x.id, ok: false, status: 422, code: 'fields.required', detail: '请先填写本节点的必填项' }
          : { id: x.id, ok: true, status: 200 },
      ),
    }),
  ],
  [
    'GET',
    /^\/forms\/(.+)\/records\/(.+)\/explain$/,
    (_m, c) => {
      const field = c.query.get('field');
      const reasons = [
        {
          allowed: true,
          code: 'group_grants',
          source: 'group',
          group_title: '项目成本员',
          text: '您属于权限组“项目成本员”（角色 成本员），它可以查看本项目的单据',
        },
        {
          allowed: false,
          code: 'rows_do_not_match',
          source: 'group',
          group_title: '财务',
          text: '权限组“财务”只包括已生效的单据，这份单据还在审批中',
        },
      ];
      return {
        op: c.query.get('op'),
        allowed: true,
        text: '可以：您所在的权限组允许',
        reasons,
        field: field && { field, title: field, right: 'read', text: '只能查看：审批中不能修改', reasons },
      };
    },
  ],
  [
    'GET',
    /^\/cases\/(.+)\/explain$/,
    () => ({
      node: 'vote',
      title: '评审会',
      text: '60% 的人同意后通过。处理人来自角色 评审委员，共 4 人。',
      items: [
        {
          task: 'x.6',
          user: 'zhou',
          state: 'done',
          from: [{ kind: 'role', text: '角色 评审委员' }],
          steps: [{ kind: 'delegated', text: '赵敏 在 11-18 至 11-25 委托周颖代为处理' }],
          text: '代赵敏处理',
        },
        { task: 'x.9', user: 'wu', state: 'open', steps: [{ kind: 'signer', text: '由张总并加签' }] },
      ],
      display,
    }),
  ],
];
