import type { CompiledForm, Field, RecordView, View } from '../core/api';
import { caseLabel } from '../core/flow';
import type { T } from '../texts';

/** A column of a list: a field of the form, or something the system knows of every record. */
export interface Column {
  key: string;
  title: string;
  /** A field to show the value with; system columns get one made for them. */
  field: Field;
  system?: boolean;
  sortable: boolean;
}

/** Types whose values fit a line of a list. */
const unfit = new Set<Field['type']>(['subtable', 'richtext', 'json', 'attachment', 'image', 'signature', 'reverse']);
/** Types the server can order by: one value, stored. */
const unsortable = new Set<Field['type']>([
  'checkbox',
  'multiselect',
  'cascade',
  'region',
  'address',
  'location',
  'daterange',
  'lookup',
  'rollup',
  ...unfit,
]);

/** Every column a list of the form may show, fields first. */
export function allColumns(form: CompiledForm, t: T): Column[] {
  const fields = form.fields
    .filter((f) => !f.hidden && !unfit.has(f.type))
    .map((f) => ({ key: f.key, title: f.title, field: f, sortable: !unsortable.has(f.type) && !f.multiple }));
  const system: [string, string, Field['type'], boolean][] = [
    ['case.state', t('list.state'), 'text', true],
    ['case.handlers', t('list.handlers'), 'member', false],
    ['sys.created_by', t('list.createdBy'), 'member', true],
    ['sys.created_at', t('list.createdAt'), 'date', true],
    ['sys.updated_at', t('list.updatedAt'), 'date', true],
  ];
  const own = system
    .filter(([key]) => form.hasFlow || !key.startsWith('case.'))
    .map(([key, title, type, sortable]) => ({
      key,
      title,
      sortable,
      system: true,
      field: { key, title, type, precision: 'minute', multiple: key === 'case.handlers' } as Field,
    }));
  return [...fields, ...own];
}

const most = 7;

/** The columns a view shows when the user has not chosen: what the view says, else the first that fit, the amount among them. */
export function defaultColumns(form: CompiledForm, view: View | undefined): string[] {
  if (view?.columns?.length) return view.columns;
  const fit = form.fields.filter((f) => !f.hidden && !unfit.has(f.type) && f.type !== 'textarea').map((f) => f.key);
  const amount = headAmount(form)?.key;
  const fields = fit.slice(0, most);
  if (amount && !fields.includes(amount)) fields.splice(most - 2, 2, amount);
  return [...fields, ...(form.hasFlow ? ['case.state'] : []), 'sys.created_by', 'sys.created_at'];
}

/** The amount that says most about a record: the computed sum, else the first money field. */
export function headAmount(form: CompiledForm): Field | undefined {
  const computed = new Set(form.computed?.map((c) => c.field));
  const money = form.fields.filter((f) => f.type === 'money' && !f.hidden);
  return money.find((f) => computed.has(f.key)) ?? money[0];
}

/** A column's value in a record. */
export function cellValue(r: RecordView, key: string): unknown {
  if (key === 'case.state') return r.case ? caseLabel(r.case.state).text : '';
  if (key === 'case.handlers') return r.case?.handlers;
  if (key.startsWith('sys.')) return r.sys?.[key.slice(4) as keyof NonNullable<RecordView['sys']>];
  return r.data[key];
}
