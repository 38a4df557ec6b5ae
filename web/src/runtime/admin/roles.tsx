import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { Display } from '../../core/api';
import type { AdminRole } from '../../core/api/admin';
import { Cell, Empty, ErrorState, Skeleton, Tag } from '../../kit';
import { admin, adminKeys } from './client';
import { Head } from './parts';
import { RoleSheet } from './role-form';
import { useA } from './texts';

/** Who holds which role, app by app. */
export default function Roles() {
  const a = useA();
  const [open, setOpen] = useState<AdminRole | null>(null);
  const list = useQuery({ queryKey: adminKeys.roles, queryFn: ({ signal }) => admin.roles({ signal }) });
  const apps = useMemo(() => byApp(list.data?.items ?? []), [list.data]);
  return (
    <>
      <Head note={a('adm.rolesNote')} />
      {list.isPending ? (
        <Skeleton rows={6} />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !apps.length ? (
        <Empty icon="user" text={a('adm.noRole')} note={a('adm.noRoleNote')} />
      ) : (
        apps.map(([app, title, roles]) => (
          <section key={app} className="fw-adm-group">
            <h2>{title}</h2>
            <div className="fw-card">
              {roles.map((r) => (
                <Cell
                  key={r.id}
                  title={r.title}
                  note={<Holders role={r} display={list.data.display} />}
                  arrow
                  onClick={() => setOpen(r)}
                />
              ))}
            </div>
          </section>
        ))
      )}
      {open && list.data && (
        <RoleSheet key={open.id} role={open} display={list.data.display} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

function byApp(roles: AdminRole[]): [string, string, AdminRole[]][] {
  const out = new Map<string, [string, string, AdminRole[]]>();
  for (const r of roles) {
    const group = out.get(r.app) ?? [r.app, r.app_title, []];
    group[2].push(r);
    out.set(r.app, group);
  }
  return [...out.values()];
}

function Holders({ role, display }: { role: AdminRole; display: Display }) {
  const a = useA();
  if (!role.holders.length) return <>{a('adm.noHolder')}</>;
  return (
    <span className="fw-adm-tags">
      {role.holders.map((h) => (
        <Tag key={h.user}>
          {display.users?.[h.user] ?? h.user}
          {h.depts.length > 0 && ` · ${h.depts.map((d) => display.depts?.[d] ?? d).join('、')}`}
        </Tag>
      ))}
    </span>
  );
}
