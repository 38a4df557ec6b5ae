import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { CheckboxGroup, RemoteSelect, Select, TextInput } from '../../kit';
import { useMe } from '../session';
import { admin, adminKeys, finder, useNames } from './client';
import { FormSheet, Line, OnceSheet } from './parts';
import { type Problems, useSave } from './problems';
import { useA } from './texts';

const lives = ['30', '90', '365', 'never'];
const day = 86_400_000;

/** Makes a key; its secret is shown once. */
export function KeySheet({ onClose }: { onClose(): void }) {
  const a = useA();
  const me = useMe();
  const q = useQueryClient();
  const [name, setName] = useState('');
  const [user, setUser] = useState(me.user.id);
  const [scopes, setScopes] = useState<string[]>(['*:read']);
  const [others, setOthers] = useState('');
  const [life, setLife] = useState('365');
  const [secret, setSecret] = useState('');
  const people = useNames('users', { users: { [me.user.id]: me.user.name } });
  const { busy, problems, run } = useSave(['name', 'user', 'scopes', 'expires_at']);
  const save = () => {
    const all = [...scopes, ...others.split(/[\s,，]+/).filter(Boolean)];
    const missing: Problems = {};
    if (!name.trim()) missing.name = a('adm.needName');
    if (!all.length) missing.scopes = a('adm.needScope');
    const expires_at = life === 'never' ? undefined : new Date(Date.now() + Number(life) * day).toISOString();
    void run(async () => {
      const made = await admin.createKey({ name: name.trim(), user, scopes: all, expires_at });
      setSecret(made.secret);
      await q.invalidateQueries({ queryKey: adminKeys.keys });
    }, missing);
  };
  if (secret) {
    return (
      <OnceSheet
        title={a('adm.secretTitle')}
        note={a('adm.secretNote')}
        text={secret}
        ok={a('adm.gotIt')}
        onClose={onClose}
      />
    );
  }
  return (
    <FormSheet title={a('adm.addKey')} busy={busy} problem={problems['']} onSave={save} onClose={onClose}>
      <Line label={a('adm.keyName')} problem={problems.name} required>
        {(p) => (
          <TextInput
            {...p}
            value={name}
            onChange={setName}
            maxLength={100}
            placeholder={a('adm.keyNameHint')}
            autoFocus
          />
        )}
      </Line>
      <Line label={a('adm.keyUser')} problem={problems.user}>
        {(p) => (
          <RemoteSelect
            {...p}
            required
            avatar
            value={user ? [user] : []}
            titleOf={people.nameOf}
            load={finder('users')}
            onChange={(ids, found) => {
              people.learn(found);
              setUser(ids[0] ?? me.user.id);
            }}
          />
        )}
      </Line>
      <Line label={a('adm.scopes')} problem={problems.scopes} required bare>
        {(p) => (
          <CheckboxGroup
            {...p}
            value={scopes}
            onChange={setScopes}
            choices={[
              { value: '*:read', text: a('adm.scopeRead') },
              { value: '*:*', text: a('adm.scopeAll') },
              { value: 'admin:*', text: a('adm.scopeAdmin') },
              { value: 'builder:*', text: a('adm.scopeBuilder') },
            ]}
          />
        )}
      </Line>
      <Line label={a('adm.scopeOther')} hint={a('adm.scopeOtherHint')}>
        {(p) => <TextInput {...p} value={others} onChange={setOthers} />}
      </Line>
      <Line label={a('adm.expires')} problem={problems.expires_at}>
        {(p) => (
          <Select
            {...p}
            required
            value={life}
            onChange={setLife}
            choices={lives.map((x) => ({
              value: x,
              text: x === 'never' ? a('adm.never') : a('adm.days', { n: Number(x) }),
            }))}
          />
        )}
      </Line>
    </FormSheet>
  );
}
