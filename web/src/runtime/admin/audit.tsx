import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { AuditEntry } from '../../core/api/admin';
import { formatTime } from '../../core/format';
import { Button, Empty, ErrorState, Skeleton, Spinner, useMode } from '../../kit';
import { useLang, useT } from '../../texts';
import { api } from '../api';
import { useMe } from '../session';
import { actionText, objectText } from './audit-text';
import { admin, adminKeys } from './client';
import { useA } from './texts';

/** One page of the log with the names it mentions. */
async function read(cursor: string, signal: AbortSignal) {
  const page = await admin.audit({ cursor }, { signal });
  const people = page.items.flatMap((e) => [e.by, String(e.detail?.user ?? '')]);
  const ids = [...new Set(people)].filter(Boolean).slice(0, 100);
  const found = ids.length ? await api.org('users', { ids }, { signal }) : { items: [] };
  return { ...page, names: Object.fromEntries(found.items.map((u) => [u.id, u.name])) };
}

/** Who did what, newest first. */
export default function Audit() {
  const a = useA();
  const t = useT();
  const list = useInfiniteQuery({
    queryKey: adminKeys.audit,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => read(pageParam, signal),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const names = useMemo(() => Object.assign({}, ...(list.data?.pages.map((p) => p.names) ?? [])), [list.data]);
  if (list.isPending) return <Skeleton rows={10} />;
  if (list.error && !items.length) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!items.length) return <Empty icon="clock" text={a('adm.auditEmpty')} />;
  return (
    <>
      <Rows items={items} names={names} />
      <p className="fw-list-end">
        {list.isFetchingNextPage ? (
          <Spinner />
        ) : list.hasNextPage ? (
          <Button kind="text" onClick={() => void list.fetchNextPage()}>
            {t('common.loadMore')}
          </Button>
        ) : (
          t('common.noMore')
        )}
      </p>
    </>
  );
}

interface RowsProps {
  items: AuditEntry[];
  names: Record<string, string>;
}

function Rows({ items, names }: RowsProps) {
  const a = useA();
  const lang = useLang();
  const { tenant } = useMe();
  const phone = useMode() === 'phone';
  const time = (e: AuditEntry) => formatTime(e.at, lang, tenant.zone);
  const who = (e: AuditEntry) => (e.by === 'command-line' ? a('adm.program') : (names[e.by] ?? e.by));
  const what = (e: AuditEntry) => (
    <>{e.form && e.record && e.title ? <a href={`/f/${e.form}/${e.record}`}>{e.title}</a> : objectText(e, names)}</>
  );
  if (phone) {
    return (
      <ul className="fw-card fw-adm-cells">
        {items.map((e) => (
          <li key={e.id} className="fw-cell">
            <span className="fw-cell-main">
              <span className="fw-cell-title">
                {who(e)} {actionText(e.action)}
              </span>
              <span className="fw-adm-object">{what(e)}</span>
              <span className="fw-cell-note">{[time(e), e.ip].filter(Boolean).join(' · ')}</span>
            </span>
          </li>
        ))}
      </ul>
    );
  }
  return (
    <div className="fw-adm-scroll">
      <table className="fw-adm-table">
        <thead>
          <tr>
            {(['time', 'who', 'what', 'object', 'ip'] as const).map((x) => (
              <th key={x}>{a(`adm.${x}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((e) => (
            <tr key={e.id}>
              <td className="fw-num">{time(e)}</td>
              <td>{who(e)}</td>
              <td>{actionText(e.action)}</td>
              <td>{what(e)}</td>
              <td className="fw-num">{e.ip}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
