import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef } from 'react';
import { Link } from 'wouter';
import type { CompiledForm, RecordView } from '../../core/api';
import { relativeTime } from '../../core/format';
import { useDisplayContext } from '../../fields/context';
import { CellView } from '../../fields/view';
import { Spinner } from '../../kit';
import { CaseTag } from '../../render/case-tag';
import { type Column, cellValue, headAmount } from '../../render/columns';
import { useNow } from '../../render/use-now';
import { useT } from '../../texts';

/** Records as cards; only those in sight are drawn. */
export function RecordCards(props: {
  form: CompiledForm;
  columns: Column[];
  records: RecordView[];
  hrefOf(r: RecordView): string;
  more: boolean;
  loading: boolean;
  onMore(): void;
  total?: number;
}) {
  const t = useT();
  const { records, more, loading, onMore } = props;
  const box = useRef<HTMLUListElement>(null);
  const list = useWindowVirtualizer({
    count: records.length,
    estimateSize: () => 132,
    overscan: 6,
    scrollMargin: box.current?.offsetTop ?? 0,
    getItemKey: (i) => records[i]?.id ?? i,
  });
  const seen = list.getVirtualItems();
  const last = seen[seen.length - 1]?.index ?? 0;
  useEffect(() => {
    if (more && !loading && last >= records.length - 5) onMore();
  }, [more, loading, last, records.length, onMore]);
  return (
    <>
      <ul ref={box} className="fw-cards" style={{ height: list.getTotalSize() }}>
        {seen.map((v) => {
          const r = records[v.index];
          return (
            r && (
              <li
                key={v.key}
                ref={list.measureElement}
                data-index={v.index}
                className="fw-card-slot"
                style={{ transform: `translateY(${v.start - list.options.scrollMargin}px)` }}
              >
                <RecordCard form={props.form} record={r} columns={props.columns} href={props.hrefOf(r)} />
              </li>
            )
          );
        })}
      </ul>
      <p className="fw-list-end">
        {loading ? <Spinner /> : !more && t('ui.allLoaded', { n: props.total ?? records.length })}
      </p>
    </>
  );
}

/** Lines of a card; the amount is always one of them. */
const most = 3;

function RecordCard({
  form,
  record: r,
  columns,
  href,
}: {
  form: CompiledForm;
  record: RecordView;
  columns: Column[];
  href: string;
}) {
  const t = useT();
  const now = useNow();
  const { display, lang, zone } = useDisplayContext();
  const amount = headAmount(form)?.key;
  const fit = columns.filter(
    (c) => !c.system && r.data[c.key] !== undefined && !r.title.includes(String(r.data[c.key])) && c.key !== amount,
  );
  const money = columns.filter((c) => c.key === amount && r.data[c.key] !== undefined);
  const lines = [...fit.slice(0, most - money.length), ...money];
  const who = r.sys?.created_by ? (display?.users?.[r.sys.created_by] ?? '') : '';
  return (
    <Link href={href} className="fw-card fw-record-card">
      <span className="fw-record-head">
        <span className="fw-record-title">{r.title || t('list.untitled')}</span>
        {r.state === 'draft' ? <CaseTag state="draft" /> : r.case && <CaseTag state={r.case.state} />}
      </span>
      {lines.map((c) => (
        <span key={c.key} className="fw-record-line">
          <span className="fw-muted">{c.title}</span>
          <span className="fw-record-value">
            <CellView field={c.field} value={cellValue(r, c.key)} />
          </span>
        </span>
      ))}
      <span className="fw-record-foot">
        {[who, r.sys?.created_at && relativeTime(r.sys.created_at, now, lang, zone)].filter(Boolean).join(' · ')}
      </span>
    </Link>
  );
}
