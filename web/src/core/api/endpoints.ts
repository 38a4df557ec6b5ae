import type { Client } from './client';
import { newId } from './ids';
import type { LoginAnswer } from './security';
import type {
  App,
  CaseCommand,
  CaseCommandKind,
  CaseView,
  CompiledForm,
  DataPatch,
  Display,
  Draft,
  Evaluation,
  FileInfo,
  HistoryEntry,
  Json,
  Me,
  OrgItem,
  OrgKind,
  Page,
  Prediction,
  RecordData,
  RecordView,
  RelationOption,
  TaskAction,
  TaskBox,
  TaskCommand,
  TaskCounts,
  TaskItem,
  TaskResult,
  UploadTicket,
} from './types';

/** Which records a list shows. */
export interface ListQuery {
  /** JSON AST of a filter. */
  filter?: Json;
  /** "-amount,id". */
  sort?: string;
  limit?: number;
  cursor?: string;
  /** Quick search. */
  q?: string;
  view?: string;
  [extra: string]: unknown;
}

/** Which tasks a box shows. */
export interface TaskQuery {
  [extra: string]: unknown;
  box: TaskBox;
  app?: string;
  q?: string;
  cursor?: string;
  limit?: number;
  /** 1 = only those whose deadline has passed. */
  overdue?: 1;
  order?: 'urgent' | 'newest';
}

const v1 = '/api/v1';
const seg = encodeURIComponent;

/** The people chosen for later nodes, by node id. */
export type Chosen = Record<string, string[]>;

/** What can be cancelled. */
export interface Cancel {
  signal?: AbortSignal;
}

/** The typed calls of the runtime API. Unsafe calls that create something carry an idempotency key. */
export function createApi(c: Client) {
  return { client: c, ...session(c), ...forms(c), ...flow(c), ...pickers(c), ...files(c) };
}

/** The typed calls of the runtime API. */
export type Api = ReturnType<typeof createApi>;

function session(c: Client) {
  return {
    login: (body: { user: string; password: string; tenant?: string }) =>
      c.call<LoginAnswer>('POST', `${v1}/session`, { body }),
    /** The first administrator, by the one-time link. */
    setup: (body: { tenant: string; token: string; user: string; name: string; password: string }) =>
      c.call<{ token: string; user: Me['user'] }>('POST', `${v1}/setup`, { body }),
    logout: () => c.call<void>('DELETE', `${v1}/session`),
    me: (o?: Cancel) => c.call<Me>('GET', `${v1}/me`, o),
    saveMe: (body: { lang: string }) => c.call<void>('PATCH', `${v1}/me`, { body }),
    apps: (o?: Cancel) => c.call<{ items: App[] }>('GET', `${v1}/apps`, o),
  };
}

function forms(c: Client) {
  const at = (form: string) => `${v1}/forms/${seg(form)}`;
  const draft = (form: string, id?: string) => `${v1}/drafts/${seg(form)}${id ? `/${seg(id)}` : ''}`;
  return {
    form: (form: string, o?: Cancel) => c.call<CompiledForm>('GET', at(form), o),
    records: (form: string, query: ListQuery = {}, o?: Cancel) =>
      c.call<Page<RecordView>>('GET', `${at(form)}/records`, { query, ...o }),
    record: (form: string, id: string, o?: Cancel) => c.call<RecordView>('GET', `${at(form)}/records/${seg(id)}`, o),
    /** `key` must stay the same for all attempts of one submit. */
    createRecord: (form: string, body: { data: RecordData; submit?: boolean; choose?: Chosen }, key = newId()) =>
      c.call<RecordView>('POST', `${at(form)}/records`, { body, idempotencyKey: key }),
    patchRecord: (
      form: string,
      id: string,
      body: DataPatch & { rev: number; submit?: boolean; choose?: Chosen },
      key = newId(),
    ) => c.call<RecordView>('PATCH', `${at(form)}/records/${seg(id)}`, { body, idempotencyKey: key }),
    deleteRecord: (form: string, id: string, rev?: number) =>
      c.call<void>('DELETE', `${at(form)}/records/${seg(id)}`, { query: { rev } }),
    history: (form: string, id: string, o?: Cancel) =>
      c.call<{ items: HistoryEntry[]; display?: Display }>('GET', `${at(form)}/records/${seg(id)}/history`, o),
    /** A masked value in the clear, to whom that is granted; every call is logged. */
    reveal: (form: string, id: string, field: string) =>
      c.call<{ value?: Json }>('GET', `${at(form)}/records/${seg(id)}/reveal`, { query: { field } }),
    evaluate: (form: string, body: { id?: string; data: RecordData; fields?: string[] }, o?: Cancel) =>
      c.call<Evaluation>('POST', `${at(form)}/evaluate`, { body, ...o }),
    predict: (form: string, data: RecordData, o?: Cancel) =>
      c.call<Prediction>('POST', `${at(form)}/predict`, { body: { data }, ...o }),
    /** undefined when there is none. */
    draft: (form: string, id?: string, o?: Cancel) => c.call<Draft | undefined>('GET', draft(form, id), o),
    saveDraft: (form: string, id: string | undefined, data: RecordData, rev?: number) =>
      c.call<{ at: string }>('PUT', draft(form, id), { body: { data, rev } }),
    deleteDraft: (form: string, id?: string) => c.call<void>('DELETE', draft(form, id)),
  };
}

function flow(c: Client) {
  return {
    tasks: (query: TaskQuery, o?: Cancel) => c.call<Page<TaskItem>>('GET', `${v1}/tasks`, { query, ...o }),
    taskCounts: (o?: Cancel) => c.call<TaskCounts>('GET', `${v1}/tasks/count`, o),
    act: (task: string, action: TaskAction, body: TaskCommand, key = newId()) =>
      c.call<TaskResult>('POST', `${v1}/tasks/${seg(task)}/${action}`, { body, idempotencyKey: key }),
    case: (form: string, record: string, o?: Cancel) =>
      c.call<CaseView>('GET', `${v1}/cases/${seg(`${form}.${record}`)}`, o),
    caseAct: (form: string, record: string, kind: CaseCommandKind, body: CaseCommand = {}, key = newId()) =>
      c.call<TaskResult>('POST', `${v1}/cases/${seg(`${form}.${record}`)}/${kind}`, { body, idempotencyKey: key }),
  };
}

function pickers(c: Client) {
  return {
    org: (kind: OrgKind, query: { q?: string; cursor?: string; ids?: string[] } = {}, o?: Cancel) =>
      c.call<Page<OrgItem>>('GET', `${v1}/org/${kind}`, { query: { ...query, ids: query.ids?.join(',') }, ...o }),
    /** Records a relation field may take; `data` is the record being filled. */
    options: (
      form: string,
      field: string,
      query: { q?: string; cursor?: string; data?: RecordData } = {},
      o?: Cancel,
    ) => c.call<Page<RelationOption>>('GET', `${v1}/forms/${seg(form)}/options/${seg(field)}`, { query, ...o }),
  };
}

function files(c: Client) {
  const at = (id: string) => `${v1}/files/${seg(id)}`;
  return {
    startUpload: (body: { name: string; size: number; type: string }) =>
      c.call<UploadTicket>('POST', `${v1}/files`, { body, idempotencyKey: newId() }),
    /** Part numbers start at 1. A part may be sent again: it replaces itself. */
    uploadPart: (id: string, n: number, part: Blob, o?: Cancel) =>
      c.call<void>('PUT', `${at(id)}/parts/${n}`, {
        raw: part,
        headers: { 'Content-Type': 'application/octet-stream' },
        timeout: 120_000,
        ...o,
      }),
    completeUpload: (id: string) => c.call<FileInfo>('POST', `${at(id)}/complete`, { idempotencyKey: id }),
    fileUrl: (id: string) => c.url(at(id)),
  };
}
