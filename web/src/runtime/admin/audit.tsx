import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import type { AuditEntry } from '../../core/api/admin';
import type { AuditAction, AuditQuery } from '../../core/api/admin-security';
import { formatTime, mergedDisplay } from '../../core/format';
import {
  Button,
  DateInput,
  Empty,
  ErrorState,
  Menu,
  RemoteSelect,
  SearchField,
  Select,
  Skeleton,
  Spinner,
  useMode,
} from '../../kit';
import { useLang, useT } from '../../texts';
import { useMe } from '../session';
import { actionChoices, objectText, titlesOf } from './audit-text';
import { adminKeys, adminSecurity, finder, useNames } from './client';
import { type Asked, everything, queryOf } from './log-query';
import { Head } from './parts';
import { useA } from './texts';

/** Who did what, newest first; asked for by person, action, time and text. */
export default function Audit() {
  const a = useA();
  const [asked, setAsked] = useState<Asked>(everything);
  const { tenant } = useMe();
  const query = useMemo(() => queryOf(asked, tenant.zone), [asked, tenant.zone]);
  return (
    <>
      <Filters asked={asked} query={query} onChange={(part) => setAsked((old) => ({ ...old, ...part }))} />
      <Sealed />
      <List query={query} empty={a(asked === everything ? 'adm.auditEmpty' : 'more.noMatch')} />
    </>
  );
}

/** What can be in the log, in words. */
const useActions = () =>
  useQuery({
    queryKey: [...adminKeys.audit, 'actions', useLang()],
    queryFn: ({ signal }) => adminSecurity.auditActions({ signal }),
    staleTime: Number.POSITIVE_INFINITY,
  }).data?.items ?? none;
const none: AuditAction[] = [];

function Filters(props: { asked: Asked; query: AuditQuery; onChange(part: Partial<Asked>): void }) {
  const a = useA();
  const { asked, onChange } = props;
  const people = useNames('users');
  const [text, setText] = useState(asked.q);
  const choices = [{ value: 'any', text: a('more.anyAction') }, ...actionChoices(useActions())];
  useEffect(() => {
    if (text.trim() === asked.q) return;
    const timer = setTimeout(() => onChange({ q: text.trim() }), 300);
    return () => clearTimeout(timer);
  }, [text, asked.q, onChange]);
  const save = (format: 'csv' | 'ndjson') => window.location.assign(adminSecurity.auditExport(format, props.query));
  return (
    <Head>
      <SearchField value={text} onChange={setText} label={a('more.search')} />
      <span className="fw-adm-pick">
        <RemoteSelect
          value={asked.by ? [asked.by] : []}
          label={a('adm.who')}
          placeholder={a('more.anybody')}
          titleOf={people.nameOf}
          load={finder('users')}
          avatar
          onChange={(ids, found) => {
            people.learn(found);
            onChange({ by: ids[0] ?? '' });
          }}
        />
      </span>
      <span className="fw-adm-pick">
        <Select
          required
          label={a('adm.what')}
          value={asked.action || 'any'}
          choices={choices}
          onChange={(v) => onChange({ action: v === 'any' ? '' : v })}
        />
      </span>
      <span className="fw-adm-pick">
        <DateInput
          precision="day"
          label={a('more.from')}
          placeholder={a('more.from')}
          value={asked.from}
          max={asked.to || undefined}
          onChange={(from) => onChange({ from })}
        />
      </span>
      <span className="fw-adm-pick">
        <DateInput
          precision="day"
          label={a('more.to')}
          placeholder={a('more.to')}
          value={asked.to}
          min={asked.from || undefined}
          onChange={(to) => onChange({ to })}
        />
      </span>
      <Export onSave={save} />
    </Head>
  );
}

function Export({ onSave }: { onSave(format: 'csv' | 'ndjson'): void }) {
  const a = useA();
  const actions = [
    { key: 'csv', text: a('more.exportCsv'), onClick: () => onSave('csv') },
    { key: 'ndjson', text: a('more.exportLines'), onClick: () => onSave('ndjson') },
  ];
  return (
    <span className="fw-adm-export">
      <Menu title={a('more.exporting')} actions={actions}>
        {(open) => (
          <button type="button" className="fw-more" {...open}>
            {a('more.exporting')}
          </button>
        )}
      </Menu>
    </span>
  );
}

/** The sealed end of the chain: to be kept elsewhere by whoever wants to prove later that nothing was changed. */
function Sealed() {
  const a = useA();
  const lang = useLang();
  const { tenant } = useMe();
  const head = useQuery({
    queryKey: [...adminKeys.audit, 'head'],
    queryFn: ({ signal }) => adminSecurity.auditHead({ signal }),
  });
  if (!head.data) return null;
  const { seq, at, hash, waiting } = head.data;
  const said = seq ? a('more.head', { n: seq, time: at ? formatTime(at, lang, tenant.zone) : '' }) : a('more.headNone');
  return (
    <p className="fw-adm-sealed fw-muted">
      {[said, waiting ? a('more.waiting', { n: waiting }) : ''].filter(Boolean).join(' · ')}
      {hash && (
        <>
          {' · '}
          {a('more.headHash')} <code>{hash.slice(0, 16)}…</code>
        </>
      )}
    </p>
  );
}

function List({ query, empty }: { query: AuditQuery; empty: string }) {
  const t = useT();
  const list = useInfiniteQuery({
    queryKey: [...adminKeys.audit, query],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => adminSecurity.audit({ ...query, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (old) => old,
  });
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const names = useMemo(
    () => mergedDisplay(list.data?.pages.map((p) => p.display ?? {}) ?? []).users ?? {},
    [list.data],
  );
  if (list.isPending) return <Skeleton rows={10} />;
  if (list.error && !items.length) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!items.length) return <Empty icon="clock" text={empty} />;
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
  const titles = titlesOf(useActions());
  const actionText = (action: string) => titles[action] ?? action;
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
