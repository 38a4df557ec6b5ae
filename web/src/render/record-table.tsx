import './record-table.css';
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { RecordView } from '../core/api';
import { CellView, isNumeric } from '../fields/view';
import { Icon, Spinner } from '../kit';

import { useT } from '../texts';
import { CaseTag } from './case-tag';
import { type Column, cellValue } from './columns';

export interface RecordTableProps {
  label: string;
  columns: Column[];
  records: RecordView[];
  /** "amount", "-amount", or "" for the server's own order. */
  sort: string;
  onSort(sort: string): void;
  hrefOf(r: RecordView): string;
  onOpen(r: RecordView): void;
  more: boolean;
  loading: boolean;
  onMore(): void;
}

const rowHeight = 45;

/** Records in rows; only those in sight are drawn, more are asked for before the end is reached. */
export function RecordTable(props: RecordTableProps) {
  const { columns, records, more, loading, onMore } = props;
  const box = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({
    count: records.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: 12,
  });
  const seen = rows.getVirtualItems();
  const last = seen[seen.length - 1]?.index ?? 0;
  useEffect(() => {
    if (more && !loading && last >= records.length - 10) onMore();
  }, [more, loading, last, records.length, onMore]);
  const before = seen[0]?.start ?? 0;
  const after = rows.getTotalSize() - (seen[seen.length - 1]?.end ?? 0);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div ref={box} className="fw-list-scroll" role="region" aria-label={props.label} tabIndex={0}>
      <table className="fw-list-table" aria-rowcount={records.length + 1}>
        <thead>
          <tr>
            {columns.map((c) => (
              <HeadCell key={c.key} column={c} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {before > 0 && <Gap height={before} />}
          {seen.map((v) => {
            const r = records[v.index];
            return r && <Row key={r.id} {...props} record={r} index={v.index} />;
          })}
          {after > 0 && <Gap height={after} />}
        </tbody>
      </table>
      {loading && (
        <div className="fw-list-wait">
          <Spinner />
        </div>
      )}
    </div>
  );
}

function Gap({ height }: { height: number }) {
  return (
    <tr className="fw-gap">
      <td style={{ height, padding: 0, border: 0 }} />
    </tr>
  );
}

function HeadCell({ column: c, sort, onSort }: { column: Column; sort: string; onSort(s: string): void }) {
  const t = useT();
  const up = sort === c.key;
  const down = sort === `-${c.key}`;
  const align = isNumeric(c.field) ? 'fw-align-right' : undefined;
  if (!c.sortable) return <th className={align}>{c.title}</th>;
  return (
    <th className={align} aria-sort={up ? 'ascending' : down ? 'descending' : undefined}>
      <button
        type="button"
        className="fw-sort"
        title={t('ui.sortBy', { title: c.title })}
        onClick={() => onSort(up ? `-${c.key}` : down ? '' : c.key)}
      >
        {c.title}
        <span className="fw-sort-mark" data-on={up || down || undefined}>
          <Icon name={up ? 'up' : down ? 'down' : 'sort'} size={14} />
        </span>
      </button>
    </th>
  );
}

function Row({ record: r, columns, index, hrefOf, onOpen }: RecordTableProps & { record: RecordView; index: number }) {
  return (
    // The first cell holds a real link; a click anywhere in the row is a help for the mouse.
    <tr
      aria-rowindex={index + 2}
      onClick={(e) => {
        if (!(e.target as HTMLElement).closest('a') && !window.getSelection()?.toString()) onOpen(r);
      }}
    >
      {columns.map((c, i) => (
        <td key={c.key} className={isNumeric(c.field) ? 'fw-align-right' : undefined}>
          {i === 0 ? (
            <Link href={hrefOf(r)}>
              <Value record={r} column={c} fallback={r.title || r.id} />
            </Link>
          ) : (
            <Value record={r} column={c} />
          )}
        </td>
      ))}
    </tr>
  );
}

function Value({ record, column, fallback }: { record: RecordView; column: Column; fallback?: string }) {
  const value = cellValue(record, column.key);
  if (column.key === 'case.state') return record.case ? <CaseTag state={record.case.state} /> : null;
  if (fallback && (value === undefined || value === '')) return <>{fallback}</>;
  return <CellView field={column.field} value={value} />;
}
