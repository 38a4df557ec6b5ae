/** Sample people and forms for the mock server. Only for development; never part of the build. */
import type { App, CompiledForm, Display } from '../src/core/api';

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
