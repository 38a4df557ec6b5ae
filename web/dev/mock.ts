/** A stand-in for the server, good enough to draw and drive every page without it. Never part of the build. */
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Connect, Plugin } from 'vite';
import type { RecordView } from '../src/core/api';
import { apps, contract, depts, display, kinds, parties, projects, subjects, users } from './mock-data.ts';
import { flowRoutes, fullCase } from './mock-flow.ts';
import { caseOf, historyOf, sampleRecords, taskOf, tree } from './mock-records.ts';

interface Call {
  method: string;
  path: string;
  query: URLSearchParams;
  body: any;
  me: string;
  req: IncomingMessage;
}

class Problem extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    readonly errors: { path: string; code: string; message: string }[] = [],
    readonly title = '',
  ) {
    super(code);
  }
}

let records = sampleRecords();
const drafts = new Map<string, { data: unknown; updated_at: string }>();
let files = 0;
const done = new Set<string>();

type Handler = (m: RegExpExecArray, c: Call) => unknown;
const routes: [string, RegExp, Handler][] = [
  ['POST', /^\/session$/, (_m, c) => login(c)],
  ['DELETE', /^\/session$/, () => undefined],
  ['GET', /^\/me$/, (_m, c) => me(c)],
  ['GET', /^\/apps$/, (_m, c) => ({ items: c.query.get('none') ? [] : apps })],
  ['GET', /^\/forms\/([^/]+)$/, (m) => form(m[1]!)],
  ['GET', /^\/forms\/([^/]+)\/records$/, (m, c) => list(m[1]!, c)],
  ['POST', /^\/forms\/([^/]+)\/records$/, (m, c) => create(m[1]!, c)],
  ['GET', /^\/forms\/([^/]+)\/records\/([^/]+)$/, (m) => find(m[2]!)],
  ['PATCH', /^\/forms\/([^/]+)\/records\/([^/]+)$/, (m, c) => patch(find(m[2]!), c)],
  ['DELETE', /^\/forms\/([^/]+)\/records\/([^/]+)$/, (m) => remove(m[2]!)],
  ['GET', /^\/forms\/([^/]+)\/records\/([^/]+)\/history$/, (m) => historyOf(find(m[2]!))],
  ['POST', /^\/forms\/([^/]+)\/evaluate$/, (_m, c) => ({ data: c.body.data, errors: [], warnings: [] })],
  [
    'POST',
    /^\/forms\/([^/]+)\/predict$/,
    () => ({
      tree: tree('draft'),
      display,
      choose: [{ node: 'legal', title: '法务审核', by: 'initiator', min: 1, max: 2, from: ['chen', 'zhou', 'zhao'] }],
      warnings: [],
    }),
  ],
  ['GET', /^\/forms\/([^/]+)\/options\/(.+)$/, (m, c) => options(m[2]!, c)],
  ...(flowRoutes as [string, RegExp, Handler][]),
  // The ninth record has seen everything.
  ['GET', /^\/cases\/(.+)\.([^.]+)$/, (m, c) => (m[2] === 'r9' ? fullCase(m[1]!, m[2]) : caseOf(find(m[2]!), c.me))],
  ['POST', /^\/cases\/(.+)\.([^.]+)\/(\w+)$/, (m, c) => caseAct(find(m[2]!), m[3]!, c)],
  ['GET', /^\/tasks\/count$/, (_m, c) => ({ todo: todo(c.me).length, overdue: 2, delegated: 1, cc: 2 })],
  ['GET', /^\/tasks$/, (_m, c) => tasks(c)],
  ['POST', /^\/tasks\/([^/]+)\/(\w+)$/, (m, c) => act(m[1]!, m[2]!, c)],
  ['GET', /^\/drafts\/(.+)$/, (m) => drafts.get(m[1]!) ?? missing()],
  ['PUT', /^\/drafts\/(.+)$/, (m, c) => saveDraft(m[1]!, c)],
  ['DELETE', /^\/drafts\/(.+)$/, (m) => void drafts.delete(m[1]!)],
  ['GET', /^\/org\/(\w+)$/, (m, c) => org(m[1]!, c)],
  ['POST', /^\/files$/, () => ({ id: `f${++files}`, part_size: 65536 })],
  ['PUT', /^\/files\/([^/]+)\/parts\/(\d+)$/, () => undefined],
  [
    'POST',
    /^\/files\/([^/]+)\/complete$/,
    (m) => ({ id: m[1], name: `文件${m[1]}.pdf`, size: 120000, type: 'application/pdf' }),
  ],
];

function missing(): never {
  throw new Problem(404, 'record.not_found');
}

function login(c: Call) {
  if (!users[c.body.user] || c.body.password !== 'formwork') throw new Problem(401, 'auth.credentials');
  return { token: c.body.user, user: { id: c.body.user, name: users[c.body.user]!.name } };
}

function me(c: Call) {
  const u = users[c.me];
  if (!u) throw new Problem(401, 'auth.session');
  const dept = Object.entries(depts).find(([, name]) => name === u.dept)![0];
  return {
    user: {
      id: c.me,
      name: u.name,
      dept,
      depts: [{ id: dept, name: u.dept }],
      roles: [u.title],
      admin: c.me === 'admin',
    },
    tenant: { id: 'default', name: '滨江建设集团', zone: 'Asia/Shanghai', currency: 'CNY' },
    lang: 'zh-CN',
  };
}

function form(ref: string) {
  if (ref === contract.ref) return contract;
  if (ref === kinds.ref) return kinds;
  if (ref === 'cost.broken') throw new Problem(500, 'internal');
  if (ref.startsWith('base.'))
    return {
      ...kinds,
      ref,
      app: 'base',
      key: ref.slice(5),
      title: '往来单位',
      fields: kinds.fields.slice(0, 4),
      hasFlow: false,
    };
  return missing();
}

function list(ref: string, c: Call) {
  let all: RecordView[] = ref === contract.ref ? records : [];
  const q = c.query.get('q');
  if (q) all = all.filter((r) => r.title.includes(q));
  const sort = c.query.get('sort');
  if (sort) {
    const key = sort.replace(/^-/, '').split(',')[0]!;
    const sign = sort.startsWith('-') ? -1 : 1;
    all = [...all].sort(
      (a, b) => sign * String(a.data[key] ?? '').localeCompare(String(b.data[key] ?? ''), 'zh', { numeric: true }),
    );
  }
  if (c.query.get('view') === 'running') all = all.filter((r) => r.case?.state === 'running');
  const limit = Number(c.query.get('limit') ?? 20);
  const from = Number(c.query.get('cursor') ?? 0);
  const next = from + limit;
  return { items: all.slice(from, next), total: all.length, next_cursor: next < all.length ? String(next) : undefined };
}

function find(id: string): RecordView {
  const title = display.records?.[id];
  if (title) return { ...records[0]!, id, title, data: {} };
  return records.find((r) => r.id === id) ?? missing();
}

function validate(data: any) {
  const errors = [];
  if (!data.name) errors.push({ path: '/name', code: 'required', message: '请填写合同名称' });
  for (const [i, row] of (data.lines ?? []).entries()) {
    if (Number(row.qty) < 0) errors.push({ path: `/lines/${i}/qty`, code: 'min', message: '数量不能小于 0' });
  }
  if (errors.length) throw new Problem(422, 'record.invalid', errors, '有内容需要修改');
}

function create(ref: string, c: Call): RecordView {
  if (c.body.submit !== false && ref === contract.ref) validate(c.body.data);
  const id = `r${records.length + 1}`;
  const no = 'HT-202611-0099';
  const r = {
    ...structuredClone(records[0]!),
    id,
    form: ref,
    rev: 1,
    title: `${no} ${c.body.data.name ?? ''}`,
    data: { ...c.body.data, no },
  };
  records = [r, ...records];
  return r;
}

function patch(r: RecordView, c: Call): RecordView {
  if (c.body.rev !== r.rev) throw new Problem(409, 'record.stale');
  Object.assign(r.data, c.body.set ?? {});
  r.rev++;
  return r;
}

function remove(id: string) {
  find(id);
  records = records.filter((r) => r.id !== id);
}

function options(field: string, c: Call) {
  const q = c.query.get('q') ?? '';
  const all = field === 'project' || field === 'relation' ? projects : field.endsWith('subject') ? subjects : parties;
  return {
    items: all
      .filter((x) => x.title.includes(q))
      .map((x) => ({ id: x.id, title: x.title, fill: 'manager' in x ? { manager: x.manager } : {}, display: {} })),
  };
}

const todo = (user: string) =>
  user === 'wang' ? records.filter((r) => r.case?.state === 'running' && !done.has(`t${r.id.slice(1)}`)) : [];

function tasks(c: Call) {
  const box = c.query.get('box');
  const all =
    box === 'todo'
      ? todo(c.me).map((r) => taskOf(r, 'open'))
      : box === 'done'
        ? records.filter((r) => r.case?.state !== 'running').map((r) => taskOf(r, 'done'))
        : box === 'mine'
          ? c.me === 'li'
            ? records.map((r) => taskOf(r, 'open'))
            : []
          : records.slice(3, 5).map((r) => taskOf(r, 'done'));
  const q = c.query.get('q') ?? '';
  const from = Number(c.query.get('cursor') ?? 0);
  return {
    items: all.filter((x) => x.title.includes(q)).slice(from, from + 10),
    next_cursor: from + 10 < all.length ? String(from + 10) : undefined,
    display,
  };
}

function act(task: string, action: string, c: Call) {
  if (done.has(task)) throw new Problem(409, 'task.closed');
  done.add(task);
  const r = find(`r${task.slice(1)}`);
  r.case = { ...r.case, state: action === 'reject' ? 'rejected' : action === 'return' ? 'returned' : 'approved' };
  r.tasks = [];
  Object.assign(r.data, c.body.data?.set ?? {});
  return { task: taskOf(r, 'done'), case: r.case, record: r };
}

function caseAct(r: RecordView, kind: string, _c: Call) {
  if (kind === 'withdraw') r.case = { ...r.case, state: 'withdrawn' };
  if (kind === 'resubmit') r.case = { ...r.case, state: 'running' };
  return { case: r.case, record: r };
}

function saveDraft(key: string, c: Call) {
  const d = { data: c.body.data, updated_at: new Date().toISOString() };
  drafts.set(key, d);
  return d;
}

function org(kind: string, c: Call) {
  const q = c.query.get('q') ?? '';
  const ids = c.query.get('ids')?.split(',');
  const all =
    kind === 'users'
      ? Object.entries(users).map(([id, u]) => ({ id, name: u.name, dept: u.dept }))
      : kind === 'depts'
        ? Object.entries(depts).map(([id, name]) => ({ id, name }))
        : Object.entries(display.roles!).map(([id, name]) => ({ id, name }));
  return { items: all.filter((x) => (ids ? ids.includes(x.id) : x.name.includes(q))) };
}

async function read(req: IncomingMessage): Promise<any> {
  const parts: Buffer[] = [];
  try {
    for await (const p of req) parts.push(p as Buffer);
  } catch {
    return {};
  }
  const text = Buffer.concat(parts).toString();
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}

async function serve(req: IncomingMessage, res: ServerResponse) {
  const url = new URL(req.url!, 'http://x');
  const path = url.pathname.slice('/api/v1'.length);
  const user = /fw_mock=(\w+)/.exec(req.headers.cookie ?? '')?.[1] ?? '';
  const call: Call = {
    method: req.method!,
    path: decodeURIComponent(path),
    query: url.searchParams,
    body: await read(req),
    me: user,
    req,
  };
  res.setHeader('Content-Type', 'application/json');
  try {
    const open = path === '/session';
    if (!open && !users[user]) throw new Problem(401, 'auth.session');
    const hit = routes
      .map(([m, re, h]) => (m === call.method ? ([re.exec(call.path), h] as const) : undefined))
      .find((x) => x?.[0]);
    if (!hit) missing();
    const out = hit[1](hit[0]!, call);
    if (path === '/session')
      res.setHeader('Set-Cookie', `fw_mock=${call.method === 'POST' ? call.body.user : ''}; Path=/`);
    res.statusCode = out === undefined ? 204 : 200;
    res.end(out === undefined ? '' : JSON.stringify(out));
  } catch (e) {
    const p = e instanceof Problem ? e : new Problem(500, 'internal', [], String(e));
    res.statusCode = p.status;
    res.end(
      JSON.stringify({
        type: 'about:blank',
        title: p.title,
        status: p.status,
        code: p.code,
        errors: p.errors,
        request_id: '01JD3M6Q8Z',
      }),
    );
  }
}

const middleware: Connect.NextHandleFunction = (req, res, next) => {
  if (!req.url?.startsWith('/api/v1')) return next();
  // The delay makes waiting states visible.
  setTimeout(() => void serve(req, res), Number(process.env.MOCK_DELAY ?? 30));
};

/** Serves the page for every address of the application, its files from the root: what embed.go does. */
const page =
  (dir: string): Connect.NextHandleFunction =>
  (req, res, next) => {
    if (/^\/(assets\/|compat\.js|icon\.svg)/.test(req.url ?? '')) return next();
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.end(readFileSync(`${dir}/index.html`, 'utf8').replaceAll('="./', '="/'));
  };

export function mockApi(): Plugin {
  return {
    name: 'mock-api',
    configureServer: (s) => void s.middlewares.use(middleware),
    configurePreviewServer: (s) => {
      s.middlewares.use(middleware);
      s.middlewares.use(page(s.config.build.outDir));
    },
  };
}
