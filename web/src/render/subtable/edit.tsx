import '../../fields/subtable/subtable.css';
import './edit.css';
import { lazy, Suspense, useMemo } from 'react';
import type { Field } from '../../core/api';
import type { Table } from '../../core/form';
import { CellView } from '../../fields/view';
import { Button, Icon, useMode } from '../../kit';
import { useT } from '../../texts';
import { controlId, useFormScope, useSignal } from '../form-context';

const Cards = lazy(() => import('./cards'));
const Grid = lazy(() => import('./grid'));

/** A subtable being filled: its header with totals, the rows, and the way to add one. */
export default function SubtableEdit({ field }: { field: Field }) {
  const { state } = useFormScope();
  const how = useSignal(state.state(field.key));
  const table = state.table(field.key);
  if (!table || !how.visible) return null;
  return <Open field={field} table={table} required={how.required} />;
}

function Open({ field, table, required }: { field: Field; table: Table; required: boolean }) {
  const t = useT();
  const mode = useMode();
  const { state } = useFormScope();
  const rows = useSignal(table.rows);
  const errors = useSignal(table.errors);
  useSignal(state.state(field.key));
  const id = controlId(field.key);
  const columns = useVisibleColumns(field);
  const Rows = mode === 'phone' ? Cards : Grid;
  const canAdd = state.rows.canAdd(field.key);
  return (
    <div
      id={`${id}-box`}
      tabIndex={-1}
      className="fw-subtable"
      role="group"
      aria-labelledby={`${id}-label`}
      data-whole=""
    >
      <div className="fw-subtable-head">
        <h3 id={`${id}-label`}>
          {field.title}
          {required && (
            <span className="fw-required" aria-hidden="true">
              *
            </span>
          )}
        </h3>
        <Totals field={field} count={rows.length} />
      </div>
      {field.help && <p className="fw-field-help">{field.help}</p>}
      {rows.length > 0 ? (
        <Suspense fallback={null}>
          <Rows field={field} table={table} rows={rows} columns={columns} />
        </Suspense>
      ) : (
        <p className="fw-subtable-empty">{t('form.noRows')}</p>
      )}
      {errors.length > 0 && (
        <p className="fw-field-error" role="alert">
          {errors.map((e) => e.message).join('；')}
        </p>
      )}
      {canAdd && (
        <div className="fw-subtable-foot">
          <Button
            block={mode === 'phone'}
            icon={<Icon name="plus" size={16} />}
            onClick={() => state.rows.add(field.key)}
          >
            {t('form.addRow')}
          </Button>
          {mode === 'desktop' && <span className="fw-muted">{t('ui.gridHint')}</span>}
        </div>
      )}
    </div>
  );
}

/** The columns shown now; rules may hide some. */
function useVisibleColumns(field: Field): Field[] {
  const { state } = useFormScope();
  const mode = useMode();
  const ticks = useSignal(state.changes);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a rule may have changed what is shown
  const keys = useMemo(
    () =>
      (field.columns ?? [])
        .filter(
          (c) => (mode === 'phone' ? !c.noMobile : !c.noDesktop) && state.state(`${field.key}.${c.key}`).peek().visible,
        )
        .map((c) => c.key)
        .join(),
    [field, state, mode, ticks],
  );
  return useMemo(() => (field.columns ?? []).filter((c) => keys.split(',').includes(c.key)), [field, keys]);
}

function Totals({ field, count }: { field: Field; count: number }) {
  const t = useT();
  const { state } = useFormScope();
  const totals = useSignal(state.rows.totals(field.key));
  return (
    <p className="fw-totals">
      <span>{t('form.rowCount', { n: count })}</span>
      {(field.columns ?? []).map(
        (c) =>
          field.summary?.[c.key] && (
            <span key={c.key}>
              {c.title} {t(`form.${field.summary[c.key] ?? 'sum'}`)}{' '}
              <b>{totals[c.key] ? <CellView field={c} value={totals[c.key]} /> : '—'}</b>
            </span>
          ),
      )}
    </p>
  );
}
