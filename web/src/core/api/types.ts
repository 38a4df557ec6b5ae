/**
 * Shapes of the runtime HTTP API, written by hand after the contract. Every
 * text arrives in the user's language; amounts arrive as decimal strings.
 */

import type { FieldRight, Json } from './form-types';

export type * from './flow-types';
export type * from './form-types';
export type * from './more-types';

/** One uploaded file, as it stands in attachment, image and signature fields. */
export interface FileInfo {
  id: string;
  name: string;
  size: number;
  type: string;
}

/** Titles for the ids that occur in the data beside it. */
export interface Display {
  users?: Record<string, string>;
  depts?: Record<string, string>;
  roles?: Record<string, string>;
  records?: Record<string, string>;
  files?: Record<string, FileInfo>;
}

/** A subtable row on the wire; the server gives every row an id. */
export type RowData = { id?: string } & { [column: string]: Json | undefined };

/** A record's values by field key; unset fields are absent. */
export type RecordData = { [field: string]: Json };

export type CaseState =
  | 'draft'
  | 'running'
  | 'returned'
  | 'suspended'
  | 'approved'
  | 'rejected'
  | 'withdrawn'
  | 'terminated'
  | 'error';

export type RowRight = 'add' | 'edit' | 'delete';

/** What this user may do with this record now. */
export interface Rights {
  ops: string[];
  /** Fields and columns ("amount", "lines.qty") whose right differs from `default`; a column does not follow its subtable. */
  fields?: Record<string, FieldRight | 'hidden'>;
  default?: FieldRight;
  /** Row operations per subtable; a subtable that is not named follows its field's right. */
  rows?: Record<string, RowRight[]>;
  /** Fields that must be filled at this node. */
  require?: string[];
}

/** A task of this user at the record. */
export interface RecordTask {
  id: string;
  node: string;
  rev: number;
  actions: string[];
}

/** One record as this user may see it. */
export interface RecordView {
  id: string;
  form: string;
  rev: number;
  version: number;
  state: 'active' | 'draft' | 'deleted';
  title: string;
  data: RecordData;
  display?: Display;
  sys?: { created_by?: string; created_at?: string; dept?: string; updated_by?: string; updated_at?: string };
  case?: { state: CaseState; nodes?: { id: string; title: string }[]; handlers?: string[]; result?: string };
  rights?: Rights;
  tasks?: RecordTask[];
  /** What the checks of a save found without refusing it. */
  warnings?: FieldFault[];
}

/** Changes to a subtable, rows by id. */
export interface RowsPatch {
  add?: RowData[];
  change?: RowData[];
  remove?: string[];
  order?: string[];
}

/** What a save changes; what it does not name stays as it is. */
export interface DataPatch {
  set?: RecordData;
  unset?: string[];
  rows?: Record<string, RowsPatch>;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string;
  total?: number;
  display?: Display;
}

export interface HistoryEntry {
  rev: number;
  at: string;
  by: string;
  action: string;
  changes: { field: string; title: string; before?: Json; after?: Json }[];
}

export interface Me {
  user: {
    id: string;
    name: string;
    dept?: string;
    depts?: { id: string; name: string }[];
    roles?: string[];
    admin?: boolean;
    /** What he administers: platform, org, app:<key>, data:<key>. */
    planes?: string[];
  };
  tenant: { id: string; name: string; zone: string; currency: string };
  lang: string;
}

export interface MenuItem {
  form?: string;
  title: string;
  icon?: string;
  items?: MenuItem[];
  can?: string[];
}

export interface App {
  key: string;
  title: string;
  icon?: string;
  description?: string;
  menu: MenuItem[];
}

/** One place in the data and what is wrong there; path is a JSON pointer into data. */
export interface FieldFault {
  path: string;
  code: string;
  message: string;
  params?: Record<string, Json>;
}

export interface FieldStateWire {
  visible: boolean;
  required: boolean;
  readonly: boolean;
}

export interface Evaluation {
  data: RecordData;
  states?: Record<string, FieldStateWire>;
  errors?: FieldFault[];
  warnings?: FieldFault[];
}

export interface Draft {
  data: RecordData;
  /** The record's revision when the typing began. */
  rev?: number;
  at?: string;
}

export interface Comment {
  id: string;
  by: string;
  at: string;
  text: string;
  mention?: string[];
  files?: FileInfo[];
}

export type OrgKind = 'users' | 'depts' | 'roles';

export interface OrgItem {
  id: string;
  name: string;
  dept?: string;
  [key: string]: Json | undefined;
}

/** One record offered by a relation picker; fill holds wire values of own fields. */
export interface RelationOption {
  id: string;
  title: string;
  display?: Record<string, Json>;
  fill?: RecordData;
}

export interface UploadTicket {
  id: string;
  part_size: number;
}

/** RFC 9457 body of every error. */
export interface ProblemBody {
  type?: string;
  title?: string;
  status?: number;
  code?: string;
  detail?: string;
  params?: Record<string, Json>;
  errors?: FieldFault[];
  request_id?: string;
}
