import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ApiKey } from '../../core/api/admin';
import { formatTime } from '../../core/format';
import { Button, confirm, Empty, ErrorState, Icon, Skeleton, Tag, textOf, toast } from '../../kit';
import { useNow } from '../../render/use-now';
import { useLang } from '../../texts';
import { useMe } from '../session';
import { admin, adminKeys } from './client';
import { KeySheet } from './key-form';
import { Head } from './parts';
import { useA } from './texts';

/** The keys of other systems. */
export default function Keys() {
  const a = useA();
  const [adding, setAdding] = useState(false);
  const list = useQuery({ queryKey: adminKeys.keys, queryFn: ({ signal }) => admin.keys({ signal }) });
  const items = list.data?.items ?? [];
  return (
    <>
      <Head note={a('adm.keysNote')}>
        <Button kind="primary" icon={<Icon name="plus" size={16} />} onClick={() => setAdding(true)}>
          {a('adm.addKey')}
        </Button>
      </Head>
      {list.isPending ? (
        <Skeleton rows={4} />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !items.length ? (
        <Empty icon="lock" text={a('adm.noKey')} />
      ) : (
        <ul className="fw-card fw-adm-keys">
          {items.map((k) => (
            <KeyRow key={k.id} apiKey={k} user={list.data?.display.users?.[k.user] ?? k.user} />
          ))}
        </ul>
      )}
      {adding && <KeySheet onClose={() => setAdding(false)} />}
    </>
  );
}

function KeyRow({ apiKey: k, user }: { apiKey: ApiKey; user: string }) {
  const a = useA();
  const q = useQueryClient();
  const lang = useLang();
  const now = useNow();
  const { tenant } = useMe();
  const time = (iso: string) => formatTime(iso, lang, tenant.zone);
  const lapsed = !!k.expires_at && Date.parse(k.expires_at) <= now;
  const revoke = async () => {
    const yes = await confirm({
      title: a('adm.revokeAsk', { name: k.name }),
      text: a('adm.revokeNote'),
      ok: a('adm.revoke'),
      danger: true,
    });
    if (!yes) return;
    try {
      await admin.revokeKey(k.id);
      toast(a('adm.revoked'), 'success');
    } catch (x) {
      toast(textOf(x), 'error');
    }
    await q.invalidateQueries({ queryKey: adminKeys.keys });
  };
  const facts = [
    user,
    k.expires_at ? a('adm.until', { time: time(k.expires_at) }) : a('adm.never'),
    k.used_at ? a('adm.used', { time: time(k.used_at) }) : a('adm.unused'),
  ];
  return (
    <li className="fw-cell">
      <span className="fw-cell-main">
        <span className="fw-cell-title">
          {k.name} {lapsed && <Tag tone="danger">{a('adm.lapsed')}</Tag>}
        </span>
        <span className="fw-adm-tags">
          {k.scopes.map((s) => (
            <Tag key={s}>{s}</Tag>
          ))}
        </span>
        <span className="fw-cell-note">{facts.join(' · ')}</span>
      </span>
      <Button kind="danger" size="small" onClick={() => void revoke()}>
        {a('adm.revoke')}
      </Button>
    </li>
  );
}
