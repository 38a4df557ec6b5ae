/** Sample people, forms and records for the mock server. Only for development; never part of the build. */
import type {
  App,
  CaseView,
  CompiledForm,
  Display,
  HistoryEntry,
  RecordView,
  TaskItem,
  TreeNode,
} from '../src/core/api';

export const users: Record<string, { name: string; dept: string; title: string }> = {
  li: { name: '李小明', dept: '工程一部', title: '成本员' },
  wang: { name: '王建国', dept: '工程一部', title: '项目经理' },
  zhang: { name: '张总', dept: '总经办', title: '总经理' },
  zhao: { name: '赵敏', dept: '财务部', title: '财务' },
  chen: { name: '陈立', dept: '法务部', title: '法务' },
  sun: { name: '孙班长', dept: '工程一部', title: '班组长' },
  zhou: { name: '周颖', dept: '财务部', title: '出纳' },
  wu: { name: '吴强', dept: '工程二部', title: '项目经理' },
  admin: { name: '管理员', dept: '总经办', title: '管理员' },
};
export const depts: Record<string, string> = {
  d0: '总经办',
  d1: '工程一部',
  d2: '工程二部',
  d3: '财务部',
  d4: '法务部',
};
export const projects = [
  { id: 'p1', title: '滨江花园一号楼', manager: 'wang' },
  { id: 'p2', title: '滨江花园二号楼', manager: 'wu' },
  { id: 'p3', title: '高新产业园地下车库', manager: 'wang' },
];
export const parties = [
  '宏远建材有限公司',
  '安泰建筑劳务有限公司',
  '鼎盛机械租赁有限公司',
  '中南混凝土有限公司',
  '华通防水工程有限公司',
  '远大钢结构有限公司',
  '金盾消防工程有限公司',
  '绿洲园林景观有限公司',
  '恒力塔吊租赁有限公司',
].map((title, i) => ({ id: `y${i + 1}`, title }));
export const subjects = [
  '钢筋',
  '商品混凝土',
  '模板及支撑',
  '脚手架',
  '砌体材料',
  '防水材料',
  '塔吊租赁',
  '施工电梯租赁',
  '劳务费',
  '临时设施',
].map((title, i) => ({ id: `s${i + 1}`, title }));

export const display: Display = {
  users: Object.fromEntries(Object.entries(users).map(([id, u]) => [id, u.name])),
  depts,
  roles: { 'cost.cost_engineer': '成本员', 'cost.pm': '项目经理' },
  records: Object.fromEntries([...projects, ...parties, ...subjects].map((x) => [x.id, x.title])),
  files: {},
};

type Node = (string | Node)[];
const id = (name: string): Node => ['id', name];
const num = (text: string): Node => ['n', text];
/** A tree as the server ships it. */
const treeOf = (e: Node) => ({ v: 1, e });

export const contract: CompiledForm = {
  ref: 'cost.expense_contract',
  app: 'cost',
  key: 'expense_contract',
  title: '支出合同',
  version: 3,
  hasFlow: true,
  ops: ['view', 'create', 'edit', 'delete', 'history', 'comment'],
  currency: 'CNY',
  zone: 'Asia/Shanghai',
  fields: [
    { key: 'no', title: '合同编号', type: 'serial', readonly: true },
    {
      key: 'project',
      title: '项目',
      type: 'relation',
      required: true,
      relation: { form: 'base.project', display: 'name', fill: { manager: 'pm' } },
    },
    { key: 'manager', title: '项目经理', type: 'member', help: '选择项目后自动带出' },
    {
      key: 'name',
      title: '合同名称',
      type: 'text',
      required: true,
      maxLength: 200,
      placeholder: '如：一号楼钢筋采购合同',
    },
    {
      key: 'party',
      title: '往来单位',
      type: 'relation',
      required: true,
      relation: { form: 'base.party', display: 'name' },
    },
    {
      key: 'kind',
      title: '合同类型',
      type: 'radio',
      required: true,
      options: [
        { value: 'material', text: '材料采购' },
        { value: 'labour', text: '劳务分包' },
        { value: 'lease', text: '机械租赁' },
      ],
    },
    { key: 'sign_date', title: '签订日期', type: 'date', precision: 'day' },
    { key: 'period', title: '履行期限', type: 'daterange', precision: 'day' },
    {
      key: 'tax',
      title: '税率',
      type: 'select',
      options: ['13%', '9%', '6%', '3%', '1%'].map((x) => ({ value: x, text: x })),
    },
    {
      key: 'lines',
      title: '合同清单',
      type: 'subtable',
      minItems: 1,
      required: true,
      summary: { amount: 'sum' },
      columns: [
        {
          key: 'subject',
          title: '成本科目',
          type: 'relation',
          required: true,
          relation: { form: 'base.subject', display: 'name' },
        },
        { key: 'spec', title: '规格说明', type: 'text', maxLength: 100 },
        { key: 'qty', title: '数量', type: 'number', scale: 3, min: '0', required: true },
        { key: 'price', title: '单价', type: 'money', scale: 2, required: true },
        {
          key: 'amount',
          title: '金额',
          type: 'money',
          scale: 2,
          formulaTree: treeOf(['call', 'ROUND', ['*', id('qty'), id('price')], num('2')]),
        },
      ],
    },
    {
      key: 'amount',
      title: '合同金额',
      type: 'money',
      scale: 2,
      formulaTree: treeOf(['call', 'SUM', ['col', id('lines'), 'amount']]),
    },
    { key: 'retention', title: '质保金比例', type: 'percent', scale: 4, min: '0', max: '0.1' },
    { key: 'advance', title: '有预付款', type: 'switch' },
    { key: 'advance_amount', title: '预付款金额', type: 'money', scale: 2 },
    { key: 'legal_opinion', title: '法务意见', type: 'textarea', maxLength: 500 },
    {
      key: 'scan',
      title: '合同附件',
      type: 'attachment',
      maxBytes: 20971520,
      accept: ['.pdf', '.jpg', '.png', '.docx'],
    },
    { key: 'note', title: '备注', type: 'textarea', maxLength: 1000 },
  ],
  layout: [
    {
      kind: 'section',
      title: '基本信息',
      columns: 2,
      fields: ['no', 'project', 'manager', 'party', 'name', 'kind', 'sign_date', 'period', 'tax'],
    },
    { kind: 'section', title: '清单', columns: 2, fields: ['lines', 'amount', 'retention'] },
    {
      kind: 'section',
      title: '付款与附件',
      columns: 2,
      fields: ['advance', 'advance_amount', 'legal_opinion', 'scan', 'note'],
    },
  ],
  rules: [
    {
      when: treeOf(['>', id('amount'), num('500000')]),
      then: { require: ['legal_opinion'], show: ['legal_opinion'] },
      else: { hide: ['legal_opinion'] },
    },
    {
      when: treeOf(id('advance')),
      then: { show: ['advance_amount'], require: ['advance_amount'] },
      else: { hide: ['advance_amount'] },
    },
  ],
  checks: [
    { assert: treeOf(['>', id('amount'), num('0')]), message: '合同金额必须大于零', level: 'block', field: 'amount' },
  ],
  computed: [
    { field: 'lines.amount', tree: treeOf(['call', 'ROUND', ['*', id('qty'), id('price')], num('2')]) },
    { field: 'amount', tree: treeOf(['call', 'SUM', ['col', id('lines'), 'amount']]) },
  ],
  views: [
    { key: 'running', title: '审批中', kind: 'table', columns: ['no', 'name', 'party', 'amount'] },
    { key: 'big', title: '百万以上', kind: 'table', columns: ['no', 'name', 'amount', 'project', 'manager'] },
  ],
};

const opts = (n: number) =>
  Array.from({ length: n }, (_, i) => ({
    value: `o${i + 1}`,
    text: `选项${'一二三四五六七八九十'[i]}`,
    color: i % 2 ? '#007F38' : '#0068D6',
  }));

/** One field of every kind. */
export const kinds: CompiledForm = {
  ref: 'cost.kinds',
  app: 'cost',
  key: 'kinds',
  title: '字段大全',
  version: 1,
  ops: ['view', 'create', 'edit', 'delete'],
  currency: 'CNY',
  zone: 'Asia/Shanghai',
  fields: [
    { key: 'text', title: '单行文本', type: 'text', help: '帮助文字写在下面' },
    { key: 'textarea', title: '多行文本', type: 'textarea' },
    { key: 'number', title: '数值', type: 'number', unit: '吨', scale: 3 },
    { key: 'money', title: '金额', type: 'money' },
    { key: 'percent', title: '百分比', type: 'percent' },
    { key: 'rating', title: '评分', type: 'rating', steps: 5 },
    { key: 'slider', title: '进度', type: 'slider', min: '0', max: '100' },
    { key: 'switch', title: '开关', type: 'switch' },
    { key: 'date', title: '日期', type: 'date', precision: 'day' },
    { key: 'month', title: '月份', type: 'date', precision: 'month' },
    { key: 'minute', title: '日期时间', type: 'date', precision: 'minute' },
    { key: 'range', title: '日期区间', type: 'daterange', precision: 'day' },
    { key: 'time', title: '时间', type: 'time' },
    { key: 'radio', title: '单选', type: 'radio', options: opts(3) },
    { key: 'checkbox', title: '多选', type: 'checkbox', options: opts(4) },
    { key: 'select', title: '下拉单选', type: 'select', options: opts(10) },
    { key: 'multi', title: '下拉多选', type: 'multiselect', options: opts(10) },
    {
      key: 'cascade',
      title: '级联',
      type: 'cascade',
      options: [
        {
          value: 'a',
          text: '土建',
          children: [
            { value: 'a1', text: '基础' },
            { value: 'a2', text: '主体' },
          ],
        },
        {
          value: 'b',
          text: '安装',
          children: [
            { value: 'b1', text: '给排水' },
            { value: 'b2', text: '电气' },
          ],
        },
      ],
    },
    { key: 'member', title: '成员', type: 'member' },
    { key: 'members', title: '成员多选', type: 'member', multiple: true },
    { key: 'department', title: '部门', type: 'department' },
    { key: 'role', title: '角色', type: 'role' },
    { key: 'phone', title: '手机号', type: 'phone' },
    { key: 'email', title: '邮箱', type: 'email' },
    { key: 'url', title: '网址', type: 'url' },
    { key: 'idcard', title: '身份证号', type: 'idcard' },
    { key: 'address', title: '地址', type: 'address' },
    { key: 'region', title: '行政区划', type: 'region' },
    { key: 'location', title: '定位', type: 'location' },
    { key: 'attachment', title: '附件', type: 'attachment' },
    { key: 'image', title: '图片', type: 'image' },
    { key: 'signature', title: '手写签名', type: 'signature' },
    { key: 'barcode', title: '扫码', type: 'barcode' },
    { key: 'relation', title: '关联', type: 'relation', relation: { form: 'base.project', display: 'name' } },
    { key: 'richtext', title: '富文本', type: 'richtext' },
    { key: 'json', title: 'JSON', type: 'json' },
    { key: 'color', title: '颜色', type: 'color' },
    { key: 'serial', title: '流水号', type: 'serial', readonly: true },
    { key: 'rollup', title: '汇总', type: 'rollup', readonly: true },
  ],
};

export const apps: App[] = [
  {
    key: 'cost',
    title: '成本管理',
    icon: '',
    description: '合同、变更、结算与动态成本',
    menu: [
      { form: 'cost.expense_contract', title: '支出合同', can: ['view', 'create'] },
      {
        title: '更多单据',
        items: [
          { form: 'cost.kinds', title: '字段大全', can: ['view', 'create'] },
          { form: 'cost.broken', title: '打不开的表单', can: ['view'] },
        ],
      },
    ],
  },
  {
    key: 'base',
    title: '基础资料',
    description: '项目、往来单位、成本科目',
    menu: [
      { form: 'base.project', title: '项目', can: ['view'] },
      { form: 'base.party', title: '往来单位', can: ['view', 'create'] },
    ],
  },
];

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
