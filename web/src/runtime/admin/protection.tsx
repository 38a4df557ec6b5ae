import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { AdminUser } from '../../core/api/admin';
import type { UserSecurity } from '../../core/api/admin-security';
import { formatTime } from '../../core/format';
import { Button, confirm, Skeleton, Tag, textOf, toast } from '../../kit';
import { useLang } from '../../texts';
import { useMe } from '../session';
import { adminKeys, adminSecurity } from './client';
import { useA } from './texts';

/** How a member's account is protected, and what an administrator can do about it. */
export function Protection({ user }: { user: AdminUser }) {
  const a = useA();
  const q = useQueryClient();
  const found = useQuery({
    queryKey: adminKeys.userSecurity(user.id),
    queryFn: ({ signal }) => adminSecurity.userSecurity(user.id, { signal }),
    retry: false,
  });
  const attempt = async (work: () => Promise<void>, said: string) => {
    try {
      await work();
      toast(said, 'success');
    } catch (x) {
      toast(textOf(x), 'error');
    }
    await q.invalidateQueries({ queryKey: adminKeys.userSecurity(user.id) });
  };
  if (found.isPending) return <Skeleton rows={3} />;
  if (found.error) return <p className="fw-adm-hint">{textOf(found.error)}</p>;
  return (
    <section className="fw-adm-protection" aria-label={a('more.account')}>
      <h3>{a('more.account')}</h3>
      <Facts s={found.data} user={user} attempt={attempt} />
      <Sessions s={found.data} user={user} attempt={attempt} />
    </section>
  );
}

interface PartProps {
  s: UserSecurity;
  user: AdminUser;
  attempt(work: () => Promise<void>, said: string): Promise<void>;
}

function useTime() {
  const lang = useLang();
  const { tenant } = useMe();
  return (iso?: string) => (iso ? formatTime(iso, lang, tenant.zone) : '');
}

function Facts({ s, user, attempt }: PartProps) {
  const a = useA();
  const time = useTime();
  const dropTotp = async () => {
    const yes = await confirm({
      title: a('more.dropTotpAsk', { name: user.name }),
      text: a('more.dropTotpNote'),
      ok: a('more.dropTotp'),
      danger: true,
    });
    if (yes) await attempt(() => adminSecurity.dropTotp(user.id), a('more.dropped'));
  };
  const password = !s.password.set
    ? a('more.noPassword')
    : [
        s.password.changed_at && a('more.changedAt', { time: time(s.password.changed_at) }),
        s.password.expires_at && a('more.pwExpires', { time: time(s.password.expires_at) }),
        s.password.must_change && a('more.mustChange'),
      ]
        .filter(Boolean)
        .join(' · ');
  const totp = s.totp.active
    ? [a('more.on'), a('more.codesLeft', { n: s.totp.recovery_left })].join(' · ')
    : a('more.off');
  return (
    <ul>
      {s.locked && (
        <Fact
          name={<Tag tone="danger">{a('more.locked')}</Tag>}
          text={a('more.lockedSince', { time: time(s.locked_at) })}
        >
          <Button size="small" onClick={() => void attempt(() => adminSecurity.unlock(user.id), a('more.unlocked'))}>
            {a('more.unlock')}
          </Button>
        </Fact>
      )}
      <Fact name={a('more.password')} text={password}>
        {s.password.set && !s.password.must_change && (
          <Button
            size="small"
            onClick={() => void attempt(() => adminSecurity.expirePassword(user.id), a('more.expired'))}
          >
            {a('more.expirePassword')}
          </Button>
        )}
      </Fact>
      <Fact name={a('more.totp')} text={totp}>
        {s.totp.active && (
          <Button size="small" onClick={() => void dropTotp()}>
            {a('more.dropTotp')}
          </Button>
        )}
      </Fact>
    </ul>
  );
}

function Sessions({ s, user, attempt }: PartProps) {
  const a = useA();
  const time = useTime();
  return (
    <>
      <h4>{a('more.sessions')}</h4>
      {!s.sessions.length && <p className="fw-adm-hint">{a('more.noSession')}</p>}
      <ul>
        {s.sessions.map((x) => (
          <Fact
            key={x.id}
            name={x.agent || x.addr || x.id}
            text={[x.addr, a('more.seen', { time: time(x.seen_at ?? x.created_at) })].filter(Boolean).join(' · ')}
          >
            <Button
              size="small"
              onClick={() => void attempt(() => adminSecurity.endUserSession(user.id, x.id), a('more.ended'))}
            >
              {a('more.end')}
            </Button>
          </Fact>
        ))}
      </ul>
    </>
  );
}

function Fact({ name, text, children }: { name: ReactNode; text: string; children?: ReactNode }) {
  return (
    <li>
      <span className="fw-adm-fact">
        <span>{name}</span>
        <span className="fw-adm-hint">{text}</span>
      </span>
      {children}
    </li>
  );
}
