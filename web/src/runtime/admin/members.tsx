import { useInfiniteQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { AdminUser } from '../../core/api/admin';
import { mergedDisplay } from '../../core/format';
import { Avatar, Button, Cell, Empty, ErrorState, Icon, SearchField, Skeleton, Spinner, Tag, useMode } from '../../kit';
import { useT } from '../../texts';
import { admin, adminKeys } from './client';
import { MemberSheet } from './member-form';
import { Head } from './parts';
import { useA } from './texts';

const states = ['active', 'left'] as const;

/** Everybody of the organisation; who left stays to be found. */
export default function Members() {
  const a = useA();
  const t = useT();
  const [text, setText] = useState('');
  const [q, setQ] = useState('');
  const [state, setState] = useState<(typeof states)[number]>('active');
  const [open, setOpen] = useState<AdminUser | 'new' | null>(null);
  useEffect(() => {
    const timer = setTimeout(() => setQ(text.trim()), text ? 300 : 0);
    return () => clearTimeout(timer);
  }, [text]);
  const list = useInfiniteQuery({
    queryKey: adminKeys.users(state, q),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => admin.users({ q, state, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (old) => old,
  });
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const display = useMemo(() => mergedDisplay(list.data?.pages.map((p) => p.display) ?? []), [list.data]);
  const rowProps = { items, display, onOpen: setOpen };
  return (
    <>
      <Head>
        <SearchField value={text} onChange={setText} label={a('adm.searchMember')} />
        <fieldset className="fw-segment" aria-label={a('adm.state')}>
          {states.map((s) => (
            <button key={s} type="button" aria-pressed={state === s} onClick={() => setState(s)}>
              {a(`adm.${s}`)}
            </button>
          ))}
        </fieldset>
        <Button kind="primary" icon={<Icon name="plus" size={16} />} onClick={() => setOpen('new')}>
          {a('adm.addMember')}
        </Button>
      </Head>
      {list.isPending ? (
        <Skeleton rows={8} />
      ) : list.error && !items.length ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !items.length ? (
        <Empty icon="user" text={a('adm.noMember')} note={a('adm.noMemberNote')} />
      ) : (
        <>
          <Rows {...rowProps} />
          {list.hasNextPage && (
            <p className="fw-list-end">
              {list.isFetchingNextPage ? (
                <Spinner />
              ) : (
                <Button kind="text" onClick={() => void list.fetchNextPage()}>
                  {t('common.loadMore')}
                </Button>
              )}
            </p>
          )}
        </>
      )}
      {open && (
        <MemberSheet
          key={open === 'new' ? '' : open.id}
          user={open === 'new' ? undefined : open}
          display={display}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

interface RowsProps {
  items: AdminUser[];
  display: ReturnType<typeof mergedDisplay>;
  onOpen(u: AdminUser): void;
}

function Rows(props: RowsProps) {
  return useMode() === 'phone' ? <Cells {...props} /> : <Table {...props} />;
}

const joined = (ids: string[], names?: Record<string, string>) => ids.map((id) => names?.[id] ?? id).join('、');

function Cells({ items, display, onOpen }: RowsProps) {
  const a = useA();
  return (
    <div className="fw-card fw-adm-cells">
      {items.map((u) => (
        <Cell
          key={u.id}
          icon={<Avatar name={u.name} size={36} />}
          title={
            <>
              {u.name} {u.admin && <Tag tone="brand">{a('adm.admin')}</Tag>}
            </>
          }
          note={[u.login, joined(u.depts, display.depts)].filter(Boolean).join(' · ')}
          arrow
          onClick={() => onOpen(u)}
        />
      ))}
    </div>
  );
}

function Table({ items, display, onOpen }: RowsProps) {
  const a = useA();
  return (
    <div className="fw-adm-scroll">
      <table className="fw-adm-table fw-adm-open">
        <thead>
          <tr>
            {(['name', 'login', 'dept', 'role', 'manager'] as const).map((x) => (
              <th key={x}>{a(`adm.${x}`)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {items.map((u) => (
            <tr key={u.id} onClick={() => onOpen(u)}>
              <td>
                <button type="button" className="fw-adm-person" onClick={() => onOpen(u)}>
                  <Avatar name={u.name} size={28} />
                  {u.name}
                  {u.admin && <Tag tone="brand">{a('adm.admin')}</Tag>}
                </button>
              </td>
              <td>{u.login}</td>
              <td title={joined(u.depts, display.depts)}>{joined(u.depts, display.depts)}</td>
              <td title={joined(u.roles, display.roles)}>{joined(u.roles, display.roles)}</td>
              <td>{joined(u.manager ? [u.manager] : [], display.users)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
