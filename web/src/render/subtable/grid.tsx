import { useVirtualizer } from '@tanstack/react-virtual';
import { type ClipboardEvent, type KeyboardEvent, useEffect, useRef } from 'react';
import type { Field } from '../../core/api';
import type { Table, TableRow } from '../../core/form';
import { useFields } from '../../fields/context';
import { CellView, isNumeric } from '../../fields/view';
import { confirm, IconButton, toast } from '../../kit';
import { useT } from '../../texts';
import { Control } from '../field-item';
import { controlId, keyOf, useFormScope, useSignal } from '../form-context';
import { parseBlock, readBlock } from './paste';

/** From this many rows on only those in sight are drawn. */
const virtualFrom = 20;
const rowHeight = 39;

interface GridProps {
  field: Field;
  table: Table;
  rows: TableRow[];
  columns: Field[];
}

/** Rows as in a spreadsheet: Tab, Enter and arrows move, a block copied from Excel is pasted. */
export default function Grid({ field, rows, columns }: GridProps) {
  const t = useT();
  const { state, reveal } = useFormScope();
  const scope = useFields();
  const box = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 10,
    enabled: rows.length > virtualFrom,
  });
  const seen = rows.length > virtualFrom ? virtual.getVirtualItems().map((v) => v.index) : rows.map((_, i) => i);
  const before = rows.length > virtualFrom ? (virtual.getVirtualItems()[0]?.start ?? 0) : 0;
  const after = rows.length > virtualFrom ? virtual.getTotalSize() - (virtual.getVirtualItems().at(-1)?.end ?? 0) : 0;
  useEffect(
    () =>
      reveal.subscribe((pointer) => {
        const index = Number(pointer.split('/')[2]);
        if (keyOf(pointer) === field.key && index >= 0) virtual.scrollToIndex(index, { align: 'center' });
      }),
    [reveal, field.key, virtual],
  );

  const focus = (index: number, column: string) => {
    const row = rows[index];
    if (!row) return false;
    virtual.scrollToIndex(index);
    requestAnimationFrame(() => {
      const el = document.getElementById(controlId(field.key, row.id, column));
      el?.focus();
      if (el instanceof HTMLInputElement) el.select();
    });
    return true;
  };

  const onKey = (e: KeyboardEvent<HTMLElement>) => {
    const el = e.target as HTMLElement;
    const td = el.closest<HTMLElement>('[data-row]');
    if (!td || e.nativeEvent.isComposing || !(el instanceof HTMLInputElement)) return;
    // A drop-down keeps its own arrows and Enter.
    if (el.getAttribute('role') === 'combobox' || el.closest('.ant-picker')) return;
    const row = Number(td.dataset.row);
    const column = td.dataset.column ?? '';
    const at = columns.findIndex((c) => c.key === column);
    const start = el.selectionStart === 0 && el.selectionEnd === 0;
    const end = el.selectionStart === el.value.length;
    const to: [number, string | undefined] | undefined =
      e.key === 'ArrowDown'
        ? [row + 1, column]
        : e.key === 'ArrowUp'
          ? [row - 1, column]
          : e.key === 'Enter'
            ? [row + 1, column]
            : e.key === 'ArrowLeft' && start
              ? [row, columns[at - 1]?.key]
              : e.key === 'ArrowRight' && end
                ? [row, columns[at + 1]?.key]
                : undefined;
    if (!to?.[1]) return;
    e.preventDefault();
    if (e.key === 'Enter' && row === rows.length - 1 && state.rows.canAdd(field.key)) {
      const added = state.rows.add(field.key);
      if (added) requestAnimationFrame(() => document.getElementById(controlId(field.key, added.id, column))?.focus());
      return;
    }
    focus(to[0], to[1]);
  };

  const onPaste = (e: ClipboardEvent<HTMLElement>) => {
    const block = parseBlock(e.clipboardData.getData('text/plain'));
    const td = (e.target as HTMLElement).closest<HTMLElement>('[data-row]');
    const row = rows[Number(td?.dataset.row)];
    // One value is an ordinary paste into the input.
    if (!td || !row || (block.length === 1 && block[0]?.length === 1)) return;
    e.preventDefault();
    const from = columns.findIndex((c) => c.key === td.dataset.column);
    const targets = columns.slice(from);
    void readBlock(block, targets, field.key, scope).then(({ values, bad, titles }) => {
      state.learn(titles);
      state.rows.paste(
        field.key,
        row.id,
        targets.map((c) => c.key),
        values,
      );
      toast(bad ? t('ui.pasteSkipped', { n: bad }) : t('ui.pasted', { n: block.length }), bad ? 'error' : 'success');
    });
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys and pastes come from the inputs inside
    <div ref={box} className="fw-grid-scroll" onKeyDown={onKey} onPaste={onPaste}>
      <table className="fw-grid">
        <thead>
          <tr>
            <th className="fw-grid-no">#</th>
            {columns.map((c) => (
              <Head key={c.key} table={field.key} column={c} />
            ))}
            <th className="fw-grid-act">
              <span className="fw-sr">{t('ui.actions')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} />}
          {seen.map((i) => {
            const row = rows[i];
            return row && <GridRow key={row.id} field={field} row={row} index={i} columns={columns} />;
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
        {Object.keys(field.summary ?? {}).length > 0 && rows.length > 1 && <Foot field={field} columns={columns} />}
      </table>
    </div>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr className="fw-gap">
      <td style={{ height, border: 0 }} />
    </tr>
  );
}

function Head({ table, column }: { table: string; column: Field }) {
  const { state } = useFormScope();
  const how = useSignal(state.state(`${table}.${column.key}`));
  return (
    <th scope="col" className={isNumeric(column) ? 'fw-align-right' : undefined} title={column.help}>
      {column.title}
      {how.required && (
        <span className="fw-required" aria-hidden="true">
          *
        </span>
      )}
    </th>
  );
}

function GridRow({ field, row, index, columns }: { field: Field; row: TableRow; index: number; columns: Field[] }) {
  const t = useT();
  const { state } = useFormScope();
  const errors = useSignal(row.errors);
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
    <tr data-invalid={errors.length > 0 || undefined} title={errors.map((e) => e.message).join('；') || undefined}>
      <td className="fw-grid-no">{index + 1}</td>
      {columns.map((c) => (
        <GridCell key={c.key} field={field} column={c} row={row} index={index} />
      ))}
      <td className="fw-grid-act">
        {state.rows.canAdd(field.key) && (
          <IconButton
            icon="copy"
            size={16}
            name={`${t('form.copyRow')} ${index + 1}`}
            onClick={() => state.rows.copy(field.key, row.id)}
          />
        )}
        {state.rows.canRemove(field.key, row) && (
          <IconButton
            icon="trash"
            size={16}
            name={`${t('form.removeRow')} ${index + 1}`}
            onClick={() => void remove()}
          />
        )}
      </td>
    </tr>
  );
}

function GridCell({ field, column, row, index }: { field: Field; column: Field; row: TableRow; index: number }) {
  const { state } = useFormScope();
  useSignal(state.state(`${field.key}.${column.key}`));
  const cell = row.cells[column.key];
  return cell ? <GridControl field={field} column={column} row={row} index={index} cell={cell} /> : <td />;
}

function GridControl({
  field,
  column,
  row,
  index,
  cell,
}: {
  field: Field;
  column: Field;
  row: TableRow;
  index: number;
  cell: TableRow['cells'][string];
}) {
  const { state } = useFormScope();
  const errors = useSignal(cell.errors);
  const id = controlId(field.key, row.id, column.key);
  const how = state.rows.cellState(field.key, row, column.key);
  return (
    <td
      data-row={index}
      data-column={column.key}
      data-invalid={errors.length > 0 || undefined}
      data-type={column.type}
      className={isNumeric(column) ? 'fw-align-right' : undefined}
    >
      <span id={`${id}-label`} className="fw-sr">
        {column.title} {index + 1}
      </span>
      <Control
        field={column}
        cell={cell}
        how={how}
        id={id}
        path={`/${field.key}/${index}/${column.key}`}
        dense
        invalid={errors.length > 0}
        describedBy={errors.length ? `${id}-error` : undefined}
        onChange={(v) => state.setCell(field.key, row.id, column.key, v)}
        onBlur={() => state.check(column.key, field.key, row.id)}
        onFill={(value, fill) => state.fill({ key: column.key, table: field.key, row: row.id }, value, fill)}
      />
      {errors.length > 0 && (
        <p id={`${id}-error`} className="fw-grid-error">
          {errors.map((e) => e.message).join('；')}
        </p>
      )}
    </td>
  );
}

function Foot({ field, columns }: { field: Field; columns: Field[] }) {
  const t = useT();
  const { state } = useFormScope();
  const totals = useSignal(state.rows.totals(field.key));
  return (
    <tfoot>
      <tr>
        <td className="fw-grid-no">{t('form.sum')}</td>
        {columns.map((c) => (
          <td key={c.key} className={isNumeric(c) ? 'fw-align-right' : undefined}>
            {totals[c.key] && <CellView field={c} value={totals[c.key]} />}
          </td>
        ))}
        <td className="fw-grid-act" />
      </tr>
    </tfoot>
  );
}
