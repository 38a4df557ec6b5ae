import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeadJob } from '../../core/api/admin-security';
import { formatTime } from '../../core/format';
import { Button, Empty, ErrorState, Skeleton, textOf, toast } from '../../kit';
import { useLang, useT } from '../../texts';
import { useMe } from '../session';
import { adminKeys, adminSecurity } from './client';
import { Head } from './parts';
import { useA } from './texts';

/** Background work that waits for somebody to look. */
export default function Jobs() {
  const a = useA();
  const t = useT();
  const list = useInfiniteQuery({
    queryKey: adminKeys.jobs,
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => adminSecurity.jobs({ cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
  if (list.isPending) return <Skeleton rows={5} />;
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  const items = list.data.pages.flatMap((p) => p.items);
  return (
    <>
      <Head note={a('more.jobsNote')} />
      {!items.length && <Empty icon="check" text={a('more.noJob')} />}
      {items.length > 0 && (
        <ul className="fw-card fw-adm-keys">
          {items.map((j) => (
            <JobRow key={j.id} job={j} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <p className="fw-list-end">
          <Button kind="text" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
            {t('common.loadMore')}
          </Button>
        </p>
      )}
    </>
  );
}

function JobRow({ job }: { job: DeadJob }) {
  const a = useA();
  const q = useQueryClient();
  const lang = useLang();
  const { tenant } = useMe();
  const [busy, setBusy] = useState(false);
  const retry = async () => {
    setBusy(true);
    try {
      await adminSecurity.retryJob(job.id);
      toast(a('more.retried'), 'success');
      await q.invalidateQueries({ queryKey: adminKeys.jobs });
    } catch (x) {
      toast(textOf(x), 'error');
    } finally {
      setBusy(false);
    }
  };
  return (
    <li className="fw-cell">
      <span className="fw-cell-main">
        <span className="fw-cell-title">{job.kind}</span>
        <span className="fw-adm-object fw-danger">{job.error}</span>
        <span className="fw-cell-note">
          {[formatTime(job.at, lang, tenant.zone), a('more.tries', { n: job.attempt }), job.id].join(' · ')}
        </span>
      </span>
      <Button size="small" loading={busy} onClick={() => void retry()}>
        {a('more.retry')}
      </Button>
    </li>
  );
}
