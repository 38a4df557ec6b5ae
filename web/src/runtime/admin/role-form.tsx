import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Display } from '../../core/api';
import type { AdminRole } from '../../core/api/admin';
import { Avatar, IconButton, RemoteSelect, toast } from '../../kit';
import { admin, adminKeys, finder, useNames } from './client';
import { FormSheet, Line } from './parts';
import { useSave } from './problems';
import { useA } from './texts';

/** Says who holds a role, and for which departments. */
export function RoleSheet({ role, display, onClose }: { role: AdminRole; display: Display; onClose(): void }) {
  const a = useA();
  const q = useQueryClient();
  const [holders, setHolders] = useState(role.holders);
  const people = useNames('users', display);
  const depts = useNames('depts', display);
  const { busy, problems, run } = useSave(['holders']);
  const save = () =>
    void run(async () => {
      await admin.saveRole(role.id, { rev: role.rev, holders });
      toast(a('adm.saved'), 'success');
      onClose();
      await q.invalidateQueries({ queryKey: adminKeys.all });
    });
  const limit = (user: string, to: string[]) =>
    setHolders((all) => all.map((h) => (h.user === user ? { ...h, depts: to } : h)));
  return (
    <FormSheet
      title={`${a('adm.editRole')} · ${role.title}`}
      busy={busy}
      problem={problems['']}
      onSave={save}
      onClose={onClose}
    >
      <Line label={a('adm.addHolder')} problem={problems.holders}>
        {(p) => (
          <RemoteSelect
            {...p}
            avatar
            value={[]}
            titleOf={people.nameOf}
            load={finder('users')}
            onChange={(ids, found) => {
              people.learn(found);
              const fresh = ids.filter((id) => !holders.some((h) => h.user === id));
              setHolders((all) => [...all, ...fresh.map((user) => ({ user, depts: [] }))]);
            }}
          />
        )}
      </Line>
      {!holders.length && <p className="fw-muted">{a('adm.noHolder')}</p>}
      <ul className="fw-adm-holders">
        {holders.map((h) => (
          <li key={h.user}>
            <div className="fw-adm-holder">
              <Avatar name={people.nameOf(h.user)} size={28} />
              <span>{people.nameOf(h.user)}</span>
              <IconButton
                icon="trash"
                size={18}
                name={a('adm.removeHolder', { name: people.nameOf(h.user) })}
                onClick={() => setHolders((all) => all.filter((x) => x.user !== h.user))}
              />
            </div>
            <Line label={a('adm.managed')}>
              {(p) => (
                <RemoteSelect
                  {...p}
                  multiple
                  value={h.depts}
                  placeholder={a('adm.everywhere')}
                  titleOf={depts.nameOf}
                  load={finder('depts')}
                  onChange={(ids, found) => {
                    depts.learn(found);
                    limit(h.user, ids);
                  }}
                />
              )}
            </Line>
          </li>
        ))}
      </ul>
    </FormSheet>
  );
}
