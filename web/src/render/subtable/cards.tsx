import { useEffect, useState } from 'react';
import type { Field } from '../../core/api';
import type { Table, TableRow } from '../../core/form';
import { CellView, isNumeric } from '../../fields/view';
import { Button, confirm, Icon, IconButton } from '../../kit';
import { useT } from '../../texts';
import { CellItem } from '../field-item';
import { controlId, keyOf, useFormScope, useSignal } from '../form-context';

/** Rows shown at once; more are one touch away. */
const page = 20;

interface RowsProps {
  field: Field;
  table: Table;
  rows: TableRow[];
  columns: Field[];
}

/** Rows as cards that open and close. New ones are open, those that came with the record closed. */
export default function Cards({ field, rows, columns }: RowsProps) {
  const t = useT();
  const { reveal } = useFormScope();
  const [open, setOpen] = useState<Record<string, boolean>>({});
  const [shown, setShown] = useState(page);
  useEffect(
    () =>
      reveal.subscribe((pointer) => {
        if (keyOf(pointer) !== field.key) return;
        const index = Number(pointer.split('/')[2]);
        const row = rows[index];
        if (!row) return;
        setOpen((o) => ({ ...o, [row.id]: true }));
        setShown((n) => Math.max(n, index + 1));
      }),
    [reveal, field.key, rows],
  );
  const isOpen = (r: TableRow) => open[r.id] ?? (r.isNew || rows.length === 1);
  const anyOpen = rows.some(isOpen);
  return (
    <div className="fw-row-cards">
      {rows.length > 1 && (
        <button
          type="button"
          className="fw-link fw-rows-all"
          onClick={() => setOpen(Object.fromEntries(rows.map((r) => [r.id, !anyOpen])))}
        >
          {t(anyOpen ? 'ui.collapseAll' : 'ui.expandAll')}
        </button>
      )}
      {rows.slice(0, shown).map((r, i) => (
        <RowCard
          key={r.id}
          field={field}
          row={r}
          index={i}
          columns={columns}
          open={isOpen(r)}
          onToggle={() => setOpen((o) => ({ ...o, [r.id]: !isOpen(r) }))}
        />
      ))}
      {rows.length > shown && (
        <Button kind="text" onClick={() => setShown(rows.length)}>
          {t('ui.showMore', { n: rows.length - shown })}
        </Button>
      )}
    </div>
  );
}

function RowCard(props: {
  field: Field;
  row: TableRow;
  index: number;
  columns: Field[];
  open: boolean;
  onToggle(): void;
}) {
  const t = useT();
  const { state } = useFormScope();
  const { field, row, index, columns, open } = props;
  const errors = useSignal(row.errors);
  const all = useSignal(state.errors.all);
  const invalid = all.some((e) => e.path.startsWith(`/${field.key}/${index}/`) || e.path === `/${field.key}/${index}`);
  const remove = async () => {
    const filled = Object.values(row.cells).some((c) => c.raw !== undefined);
    if (
      filled &&
      !(await confirm({ title: t('form.removeRowConfirm', { n: index + 1 }), ok: t('common.delete'), danger: true }))
    )
      return;
    state.rows.remove(field.key, row.id);
  };
  return (
    <div
      className="fw-row-edit"
      role="group"
      aria-label={t('form.rowNumber', { n: index + 1 })}
      data-invalid={invalid || undefined}
    >
      <div className="fw-row-head">
        <button type="button" className="fw-row-toggle" aria-expanded={open} onClick={props.onToggle}>
          <Icon name={open ? 'up' : 'down'} size={16} />
          <RowTitle field={field} row={row} columns={columns} index={index} />
          {invalid && <span className="fw-sr">{t('ui.rowInvalid')}</span>}
        </button>
        {state.rows.canAdd(field.key) && (
          <IconButton
            icon="copy"
            size={18}
            name={`${t('form.copyRow')} ${index + 1}`}
            onClick={() => state.rows.copy(field.key, row.id)}
          />
        )}
        {state.rows.canRemove(field.key, row) && (
          <IconButton
            icon="trash"
            size={18}
            name={`${t('form.removeRow')} ${index + 1}`}
            onClick={() => void remove()}
          />
        )}
      </div>
      {errors.length > 0 && <p className="fw-field-error fw-row-error">{errors.map((e) => e.message).join('；')}</p>}
      {open && columns.map((c) => <RowField key={c.key} field={field} column={c} row={row} index={index} />)}
    </div>
  );
}

/** What tells rows apart when they are closed: the first text and the summed column. */
function RowTitle({ field, row, columns, index }: { field: Field; row: TableRow; columns: Field[]; index: number }) {
  const t = useT();
  const { state } = useFormScope();
  useSignal(state.changes);
  const first = columns.find((c) => row.cells[c.key]?.raw !== undefined && !isNumeric(c));
  const sum = columns.find((c) => field.summary?.[c.key]);
  return (
    <>
      <span className="fw-row-title">
        {first ? <CellView field={first} value={row.cells[first.key]?.raw} /> : t('form.rowNumber', { n: index + 1 })}
      </span>
      {sum && (
        <span className="fw-row-sum">
          <CellView field={sum} value={row.cells[sum.key]?.raw} />
        </span>
      )}
    </>
  );
}

function RowField({ field, column, row, index }: { field: Field; column: Field; row: TableRow; index: number }) {
  const { state } = useFormScope();
  useSignal(state.state(`${field.key}.${column.key}`));
  const cell = row.cells[column.key];
  const how = state.rows.cellState(field.key, row, column.key);
  if (!cell || !how.visible) return null;
  return (
    <CellItem
      field={column}
      cell={cell}
      how={how}
      id={controlId(field.key, row.id, column.key)}
      path={`/${field.key}/${index}/${column.key}`}
      onChange={(v) => state.setCell(field.key, row.id, column.key, v)}
      onBlur={() => state.check(column.key, field.key, row.id)}
      onFill={(value, fill) => state.fill({ key: column.key, table: field.key, row: row.id }, value, fill)}
    />
  );
}
