/** A compiled form as GET /forms/{app.form} gives it, in the user's language. */
/** The field types of the product, in the catalogue's order. */
export type FieldType =
  | 'text'
  | 'textarea'
  | 'richtext'
  | 'number'
  | 'money'
  | 'percent'
  | 'rating'
  | 'slider'
  | 'switch'
  | 'date'
  | 'daterange'
  | 'time'
  | 'radio'
  | 'checkbox'
  | 'select'
  | 'multiselect'
  | 'cascade'
  | 'member'
  | 'department'
  | 'role'
  | 'phone'
  | 'email'
  | 'url'
  | 'idcard'
  | 'address'
  | 'region'
  | 'location'
  | 'attachment'
  | 'image'
  | 'signature'
  | 'barcode'
  | 'subtable'
  | 'relation'
  | 'reverse'
  | 'lookup'
  | 'rollup'
  | 'formula'
  | 'serial'
  | 'color'
  | 'json';

/** Any JSON value. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A checked formula as the server exports it; see docs/formula-tree.md. */
export type Tree = Json;

/** One choice of radio, checkbox, select, multiselect, cascade. */
export interface FieldOption {
  value: string;
  text: string;
  color?: string;
  disabled?: boolean;
  children?: FieldOption[];
}

/** How precisely a date or a date range is kept. */
export type DatePrecision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** How far the user's right over a field goes. A masked field shows a mask and cannot be written. */
export type FieldRight = 'read' | 'write' | 'masked';

/** A relation field's target. */
export interface Relation {
  form: string;
  display?: string;
  /** Own field → field of the chosen record. */
  fill?: Record<string, string>;
  /** Parent field of the target: shown as a tree. */
  tree?: string;
}

/** Source of a reverse, lookup or rollup field. */
export interface Link {
  form?: string;
  match?: string;
  via?: string;
  field?: string;
  fn?: string;
}

/** How a subtable column is summed up. */
export type SummaryFn = 'sum' | 'avg' | 'min' | 'max' | 'count';

/** One field of a compiled form, as this user may see it. */
export interface Field {
  key: string;
  title: string;
  type: FieldType;
  required?: boolean;
  readonly?: boolean;
  hidden?: boolean;
  help?: string;
  placeholder?: string;
  unit?: string;
  /** Decimals allowed; -1 or absent = not limited. */
  scale?: number;
  /** Decimal text, or a calendar day for dates. */
  min?: string;
  max?: string;
  options?: FieldOption[];
  /** Member, department, role, relation: the value is a list of ids. */
  multiple?: boolean;
  precision?: DatePrecision;
  currency?: string;
  relation?: Relation;
  link?: Link;
  columns?: Field[];
  minItems?: number;
  maxItems?: number;
  summary?: Record<string, SummaryFn>;
  maxLength?: number;
  /** Regular expression, RE2 syntax. */
  pattern?: string;
  /** Number of stars of a rating. */
  steps?: number;
  /** Allowed extensions in lower case, without the dot: "pdf". */
  accept?: string[];
  /** Largest size of one file, in bytes. */
  maxBytes?: number;
  cameraOnly?: boolean;
  /** Formula: type of its result. */
  resultType?: FieldType;
  /** Default as a wire value. */
  default?: Json;
  /** Default written as a formula. */
  defaultTree?: Tree;
  /** Computed field; null when only the server can compute it. */
  formulaTree?: Tree;
  /** A formula gives its value; nobody writes it. */
  computed?: boolean;
  /** The formula or default needs the server. */
  server?: boolean;
  /** A number of an imported schema: it goes over the wire as a JSON number. */
  plain?: boolean;
  /** Options are asked of the server. */
  optionsFrom?: { form: string; field: string };
  /** Filter operators the field knows. */
  operators?: string[];
  sortable?: boolean;
  noMobile?: boolean;
  noDesktop?: boolean;
  /** A hidden value is removed instead of kept. */
  clearHidden?: boolean;
  /** Absent = write. */
  right?: FieldRight;
  /** How a switch, formula or time is shown. */
  display?: string;
}

/** A part of the form's layout. */
export interface LayoutItem {
  kind: 'section' | 'tabs' | 'steps' | 'note' | 'divider';
  title?: string;
  columns?: number;
  fields?: string[];
  items?: LayoutItem[];
  text?: string;
}

/** What a rule does to fields ("amount", "lines", "lines.qty"). */
export interface RuleEffect {
  show?: string[];
  hide?: string[];
  require?: string[];
  optional?: string[];
  lock?: string[];
  unlock?: string[];
  set?: { field: string; tree: Tree }[];
}

/** Condition → effects. */
export interface Rule {
  when: Tree;
  then: RuleEffect;
  else?: RuleEffect;
}

/** A formula that must hold at submit. */
export interface Check {
  assert: Tree;
  message: string;
  level: 'block' | 'warn';
  /** Field the error is shown at. */
  field: string;
}

/** One computed field; the list stands in evaluation order. */
export interface Computed {
  /** "amount" or "lines.amount". */
  field: string;
  /** Null when only the server can compute it. */
  tree: Tree | null;
  server?: boolean;
  volatile?: boolean;
}

/** A saved way of looking at a form's records. */
export interface View {
  key: string;
  title: string;
  kind: 'table' | 'kanban' | 'calendar' | 'gantt' | 'gallery';
  columns?: string[];
  sort?: string[];
  group?: string;
  colors?: { when: Tree; color: string }[];
  totals?: Record<string, SummaryFn>;
}

/** What a user may do with a form or a record. */
export type Operation =
  | 'view'
  | 'create'
  | 'edit'
  | 'delete'
  | 'restore'
  | 'import'
  | 'export'
  | 'print'
  | 'batch_edit'
  | 'comment'
  | 'share'
  | 'history';

/** GET /forms/{app.form}. */
export interface CompiledForm {
  ref: string;
  app: string;
  key: string;
  title: string;
  version: number;
  hasFlow?: boolean;
  offline?: boolean;
  ops: string[];
  fields: Field[];
  layout?: LayoutItem[];
  rules?: Rule[];
  checks?: Check[];
  computed?: Computed[];
  titleTree?: Tree;
  views?: View[];
  /** Custom buttons the user may press on some record. */
  buttons?: { key: string; title: string }[];
  currency?: string;
  zone?: string;
}
