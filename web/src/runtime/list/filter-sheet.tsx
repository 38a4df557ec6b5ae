import { useId, useState } from 'react';
import type { CompiledForm, Field, Json } from '../../core/api';
import { caseLabel } from '../../core/flow';
import { FieldEdit } from '../../fields/edit';
import { Button, IconButton, Select, Sheet } from '../../kit';
import type { Column } from '../../render/columns';
import type { T } from '../../texts';
import { useT } from '../../texts';
import type { Condition } from './state';

type Op = Condition['op'];

const texts: Record<Op, Parameters<T>[0]> = {
  eq: 'ui.opEq',
  ne: 'ui.opNe',
  contains: 'ui.opContains',
  ge: 'ui.opGte',
  le: 'ui.opLte',
  in: 'ui.opIn',
  blank: 'ui.opBlank',
  notBlank: 'ui.opNotBlank',
};

/** The conditions that make sense for a type, the most used first. */
function opsOf(f: Field): Op[] {
  if (f.key === 'case.state') return ['in'];
  switch (f.type) {
    case 'number':
    case 'money':
    case 'percent':
    case 'rating':
    case 'slider':
    case 'date':
    case 'time':
      return ['ge', 'le', 'eq', 'blank', 'notBlank'];
    case 'radio':
    case 'select':
    case 'checkbox':
    case 'multiselect':
      return ['in', 'blank', 'notBlank'];
    case 'member':
    case 'department':
    case 'role':
    case 'relation':
      return ['in', 'blank', 'notBlank'];
    case 'switch':
      return ['eq'];
    default:
      return ['contains', 'eq', 'ne', 'blank', 'notBlank'];
  }
}

/** The field a condition's value is typed with. */
function valueField(form: CompiledForm, f: Field, op: Op): Field {
  const base = { ...f, required: false, readonly: false, default: undefined };
  if (f.key === 'case.state') {
    const states = ['running', 'returned', 'suspended', 'approved', 'rejected', 'withdrawn', 'terminated', 'error'];
    return { ...base, type: 'checkbox', options: states.map((s) => ({ value: s, text: caseLabel(s).text })) };
  }
  if (op === 'in' && (f.type === 'radio' || f.type === 'select')) return { ...base, type: 'multiselect' };
  if (op === 'in') return { ...base, multiple: true };
  if (f.type === 'textarea' || f.type === 'richtext' || f.type === 'serial') return { ...base, type: 'text' };
  return form.fields.some((x) => x.key === f.key)
    ? base
    : { ...base, precision: f.type === 'date' ? 'minute' : undefined };
}

/** Conditions, all of which must hold; they take effect together. */
export function FilterSheet(props: {
  open: boolean;
  form: CompiledForm;
  columns: Column[];
  conditions: Condition[];
  onApply(c: Condition[]): void;
  onClose(): void;
}) {
  const t = useT();
  const [draft, setDraft] = useState(props.conditions);
  const change = (i: number, part: Partial<Condition>) =>
    setDraft((d) => d.map((c, k) => (k === i ? { ...c, ...part } : c)));
  const first = props.columns[0];
  const add = () => {
    if (first) setDraft((d) => [...d, { path: first.key, op: opsOf(first.field)[0] ?? 'eq', value: null }]);
  };
  return (
    <Sheet
      open={props.open}
      kind="drawer"
      title={t('list.filter')}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={() => props.onApply([])}>{t('common.reset')}</Button>
          <Button kind="primary" onClick={() => props.onApply(draft)}>
            {t('ui.apply')}
          </Button>
        </>
      }
    >
      <div className="fw-filter">
        {!draft.length && <p className="fw-muted">{t('ui.noFilter')}</p>}
        {draft.map((c, i) => (
          <ConditionLine
            // biome-ignore lint/suspicious/noArrayIndexKey: a condition has nothing else to be known by
            key={`${i}-${c.path}-${c.op}`}
            form={props.form}
            columns={props.columns}
            condition={c}
            onChange={(part) => change(i, part)}
            onRemove={() => setDraft((d) => d.filter((_, k) => k !== i))}
          />
        ))}
        <Button kind="text" onClick={add}>
          + {t('ui.addFilter')}
        </Button>
      </div>
    </Sheet>
  );
}

function ConditionLine(props: {
  form: CompiledForm;
  columns: Column[];
  condition: Condition;
  onChange(part: Partial<Condition>): void;
  onRemove(): void;
}) {
  const t = useT();
  const id = useId();
  const { condition: c, columns, form, onChange } = props;
  const column = columns.find((x) => x.key === c.path) ?? columns[0];
  if (!column) return null;
  const noValue = c.op === 'blank' || c.op === 'notBlank';
  return (
    <div className="fw-condition">
      <div className="fw-condition-head">
        <Select
          required
          label={t('ui.filterField')}
          value={c.path}
          choices={columns.map((x) => ({ value: x.key, text: x.title }))}
          onChange={(path) => {
            const next = columns.find((x) => x.key === path);
            if (next) onChange({ path, op: opsOf(next.field)[0] ?? 'eq', value: null });
          }}
        />
        <Select
          required
          label={t('ui.filterOp')}
          value={c.op}
          choices={opsOf(column.field).map((op) => ({ value: op, text: t(texts[op]) }))}
          onChange={(op) => onChange({ op: op as Op, value: null })}
        />
        <IconButton icon="trash" name={t('common.remove')} onClick={props.onRemove} />
      </div>
      {!noValue && (
        <>
          <span id={`${id}-l`} className="fw-sr">
            {column.title} {t('ui.filterValue')}
          </span>
          <div className="fw-condition-value">
            <FieldEdit
              field={valueField(form, column.field, c.op)}
              value={c.value ?? undefined}
              onChange={(v) => onChange({ value: (v ?? null) as Json })}
              id={`${id}-v`}
              labelId={`${id}-l`}
              invalid={false}
              required={false}
              path={`/${c.path}`}
            />
          </div>
        </>
      )}
    </div>
  );
}
