import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Display } from '../../core/api';
import type { AdminUser, PasswordLink } from '../../core/api/admin';
import { formatTime } from '../../core/format';
import { confirm, Menu, MultiSelect, RemoteSelect, Select, Switch, TextInput, textOf, toast } from '../../kit';
import { useLang, useT } from '../../texts';
import { useMe } from '../session';
import { admin, adminKeys, finder, useNames } from './client';
import { FormSheet, Line, OnceSheet } from './parts';
import { type Problems, useSave } from './problems';
import { Protection } from './protection';
import { useA } from './texts';
import { usePlanes } from './use-planes';

const blank = {
  name: '',
  login: '',
  depts: [] as string[],
  manager: '',
  admin: false,
  planes: [] as string[],
  lang: '',
};
const places = Object.keys(blank);

/** Adds or changes a member; the rarer acts are behind "more". */
export function MemberSheet({ user, display, onClose }: { user?: AdminUser; display: Display; onClose(): void }) {
  const a = useA();
  const t = useT();
  const q = useQueryClient();
  const [v, setV] = useState({ ...blank, ...user });
  const [link, setLink] = useState<PasswordLink | null>(null);
  const set = (part: Partial<typeof blank>) => setV((old) => ({ ...old, ...part }));
  const people = useNames('users', display);
  const depts = useNames('depts', display);
  const { busy, problems, run } = useSave(places);
  const me = useMe();
  const planes = usePlanes(v.planes);
  const done = async () => {
    await q.invalidateQueries({ queryKey: adminKeys.all });
  };
  const save = () => {
    const missing: Problems = {};
    if (!v.name.trim()) missing.name = a('adm.needPerson');
    if (!v.login.trim()) missing.login = a('adm.needLogin');
    const { name, login, depts, manager, admin: isAdmin, planes, lang } = v;
    const body = { name: name.trim(), login: login.trim(), depts, manager, admin: isAdmin, planes, lang };
    void run(async () => {
      if (user) {
        await admin.saveUser(user.id, { ...body, rev: user.rev });
        toast(a('adm.saved'), 'success');
        onClose();
      } else {
        const { item } = await admin.createUser(body);
        toast(a('adm.added'), 'success');
        setLink(await admin.passwordLink(item.id)); // without a password nobody can come in
      }
      await done();
    }, missing);
  };
  if (link) return <LinkSheet link={link} name={v.name} onClose={onClose} />;
  return (
    <FormSheet
      title={a(user ? 'adm.editMember' : 'adm.addMember')}
      busy={busy}
      problem={problems['']}
      onSave={save}
      onClose={onClose}
      more={user && <MoreActs user={user} onLink={setLink} onDone={done} onClose={onClose} />}
    >
      <Line label={a('adm.name')} problem={problems.name} required>
        {(p) => (
          <TextInput {...p} value={v.name} onChange={(name) => set({ name })} maxLength={100} autoFocus={!user} />
        )}
      </Line>
      <Line label={a('adm.login')} hint={a('adm.loginHint')} problem={problems.login} required>
        {(p) => (
          <TextInput {...p} value={v.login} onChange={(login) => set({ login })} maxLength={64} autoComplete="off" />
        )}
      </Line>
      <Line label={a('adm.dept')} hint={a('adm.deptHint')} problem={problems.depts}>
        {(p) => (
          <RemoteSelect
            {...p}
            multiple
            value={v.depts}
            titleOf={depts.nameOf}
            load={finder('depts')}
            onChange={(ids, found) => {
              depts.learn(found);
              set({ depts: ids });
            }}
          />
        )}
      </Line>
      <Line label={a('adm.manager')} hint={a('adm.managerHint')} problem={problems.manager}>
        {(p) => (
          <RemoteSelect
            {...p}
            value={v.manager ? [v.manager] : []}
            titleOf={people.nameOf}
            load={finder('users', user?.id)}
            avatar
            onChange={(ids, found) => {
              people.learn(found);
              set({ manager: ids[0] ?? '' });
            }}
          />
        )}
      </Line>
      <Line label={a('adm.lang')} problem={problems.lang}>
        {(p) => (
          <Select
            {...p}
            required
            value={v.lang || 'default'}
            onChange={(lang) => set({ lang: lang === 'default' ? '' : lang })}
            choices={[
              { value: 'default', text: a('adm.langDefault') },
              { value: 'zh-CN', text: t('common.languageZh') },
              { value: 'en', text: t('common.languageEn') },
            ]}
          />
        )}
      </Line>
      <Line label={a('adm.admin')} hint={a('adm.adminHint')} problem={problems.admin} bare>
        {(p) => <Switch {...p} value={v.admin} disabled={!me.user.admin} onChange={(x) => set({ admin: x })} />}
      </Line>
      <Line label={a('more.planes')} hint={a('more.planesHint')} problem={problems.planes}>
        {(p) => <MultiSelect {...p} value={v.planes} onChange={(x) => set({ planes: x })} choices={planes} />}
      </Line>
      {user && user.state === 'active' && <Protection user={user} />}
    </FormSheet>
  );
}

function LinkSheet({ link, name, onClose }: { link: PasswordLink; name: string; onClose(): void }) {
  const a = useA();
  const lang = useLang();
  const { tenant } = useMe();
  const note = a('adm.linkNote', { name, time: formatTime(link.expires_at, lang, tenant.zone) });
  return (
    <OnceSheet title={a('adm.linkTitle')} note={note} text={window.location.origin + link.path} onClose={onClose} />
  );
}

function MoreActs(props: { user: AdminUser; onLink(l: PasswordLink): void; onDone(): Promise<void>; onClose(): void }) {
  const a = useA();
  const t = useT();
  const { user } = props;
  const attempt = async (work: () => Promise<unknown>, message = '') => {
    try {
      await work();
      if (message) toast(message, 'success');
      await props.onDone();
    } catch (x) {
      toast(textOf(x), 'error');
    }
  };
  const endSessions = async () => {
    const yes = await confirm({
      title: a('adm.endSessionsAsk', { name: user.name }),
      text: a('adm.endSessionsNote'),
      ok: a('adm.endSessions'),
    });
    if (yes) await attempt(() => admin.endSessions(user.id), a('adm.endSessionsDone'));
  };
  const leave = async () => {
    const yes = await confirm({
      title: a('adm.leaveAsk', { name: user.name }),
      text: a('adm.leaveNote'),
      ok: a('adm.leave'),
      danger: true,
    });
    if (!yes) return;
    await attempt(async () => {
      await admin.leave(user.id);
      props.onClose();
    }, a('adm.leaveDone'));
  };
  const back = () =>
    attempt(async () => {
      await admin.saveUser(user.id, { rev: user.rev, state: 'active' });
      props.onClose();
    }, a('adm.comeBackDone'));
  const active = [
    {
      key: 'link',
      text: a('adm.passwordLink'),
      onClick: () => void attempt(async () => props.onLink(await admin.passwordLink(user.id))),
    },
    { key: 'out', text: a('adm.endSessions'), onClick: () => void endSessions() },
    { key: 'leave', text: a('adm.leave'), danger: true, onClick: () => void leave() },
  ];
  const left = [{ key: 'back', text: a('adm.comeBack'), onClick: () => void back() }];
  return (
    <span className="fw-adm-more fw-drop-up">
      <Menu title={a('adm.more', { name: user.name })} actions={user.state === 'left' ? left : active}>
        {(open) => (
          <button type="button" className="fw-more" {...open}>
            {t('common.more')}
          </button>
        )}
      </Menu>
    </span>
  );
}
