import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Settings } from '../../core/api/admin';
import type { SecuritySettings } from '../../core/api/admin-security';
import { Button, ErrorState, RadioGroup, Skeleton, TextArea, TextInput, toast } from '../../kit';
import { useT } from '../../texts';
import { admin, adminKeys } from './client';
import { Line } from './parts';
import { useSave } from './problems';
import { placesOf } from './security-problems';
import { useA } from './texts';

/** The organisation's rules of getting in. */
export default function SecuritySection() {
  const list = useQuery({ queryKey: adminKeys.settings, queryFn: ({ signal }) => admin.settings({ signal }) });
  if (list.isPending) return <Skeleton rows={6} kind="form" />;
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  return <Form key={list.data.rev} was={list.data} />;
}

const none: SecuritySettings = {
  password: { min_length: 8, classes: 0, history: 0, max_age_days: 0 },
  lockout: { after: 0 },
  totp: { required: 'none' },
  addresses: { all: [], admin: [], keys: [] },
};

const numbers = [
  ['password', 'min_length', 'minLength', undefined],
  ['password', 'classes', 'classes', 'classesHint'],
  ['password', 'history', 'history', 'zeroNever'],
  ['password', 'max_age_days', 'maxAge', 'zeroNever'],
  ['lockout', 'after', 'lockAfter', 'lockHint'],
] as const;

const lists = [
  ['all', 'addrAll'],
  ['admin', 'addrAdmin'],
  ['keys', 'addrKeys'],
] as const;

const lines = (text: string) => text.split(/[\s,，]+/).filter(Boolean);

function Form({ was }: { was: Settings }) {
  const a = useA();
  const t = useT();
  const q = useQueryClient();
  const first = was.security ?? none;
  const [v, setV] = useState(() => ({ ...numbersOf(first), ...addressesOf(first), totp: first.totp.required }));
  const set = (part: Partial<typeof v>) => setV((old) => ({ ...old, ...part }));
  const { busy, problems, run } = useSave(Object.keys(v), (x) => placesOf(x, v, was.your_address ?? ''));
  const save = () =>
    void run(async () => {
      const int = (text: string) => Number.parseInt(text, 10) || 0;
      const security: SecuritySettings = {
        password: {
          min_length: int(v.min_length),
          classes: int(v.classes),
          history: int(v.history),
          max_age_days: int(v.max_age_days),
        },
        lockout: { after: int(v.after) },
        totp: { required: v.totp },
        addresses: { all: lines(v.all), admin: lines(v.admin), keys: lines(v.keys) },
      };
      q.setQueryData(adminKeys.settings, await admin.saveSettings({ rev: was.rev, security }));
      toast(a('adm.saved'), 'success');
    });
  const number = ([, key, text, hint]: (typeof numbers)[number]) => (
    <Line key={key} label={a(`more.${text}`)} hint={hint && a(`more.${hint}`)} problem={problems[key]}>
      {(p) => (
        <TextInput
          {...p}
          inputMode="numeric"
          maxLength={4}
          value={v[key]}
          onChange={(x) => set({ [key]: x.replace(/\D/g, '') })}
        />
      )}
    </Line>
  );
  return (
    <form
      className="fw-adm-security"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        save();
      }}
    >
      <fieldset className="fw-card fw-adm-form">
        <legend>{a('more.pwPolicy')}</legend>
        {numbers.filter(([part]) => part === 'password').map(number)}
      </fieldset>
      <fieldset className="fw-card fw-adm-form">
        <legend>{a('more.lockout')}</legend>
        {numbers.filter(([part]) => part === 'lockout').map(number)}
      </fieldset>
      <fieldset className="fw-card fw-adm-form">
        <legend>{a('more.totp')}</legend>
        <Line label={a('more.totpFor')} problem={problems.totp} bare>
          {(p) => (
            <RadioGroup
              {...p}
              value={v.totp}
              onChange={(x) => set({ totp: x as SecuritySettings['totp']['required'] })}
              choices={[
                { value: 'none', text: a('more.totpNone') },
                { value: 'admins', text: a('more.totpAdmins') },
                { value: 'all', text: a('more.totpAll') },
              ]}
            />
          )}
        </Line>
      </fieldset>
      <fieldset className="fw-card fw-adm-form">
        <legend>{a('more.addresses')}</legend>
        <p className="fw-muted">{a('more.addressesNote', { address: was.your_address ?? '' })}</p>
        {lists.map(([key, text]) => (
          <Line key={key} label={a(`more.${text}`)} problem={problems[key]}>
            {(p) => <TextArea {...p} rows={3} value={v[key]} onChange={(x) => set({ [key]: x })} />}
          </Line>
        ))}
      </fieldset>
      {problems[''] && (
        <p className="fw-adm-problem" role="alert">
          {problems['']}
        </p>
      )}
      <div>
        <Button kind="primary" type="submit" loading={busy}>
          {t('common.save')}
        </Button>
      </div>
    </form>
  );
}

const numbersOf = (s: SecuritySettings) => ({
  min_length: String(s.password.min_length),
  classes: String(s.password.classes),
  history: String(s.password.history),
  max_age_days: String(s.password.max_age_days),
  after: String(s.lockout.after),
});

const addressesOf = (s: SecuritySettings) => ({
  all: s.addresses.all.join('\n'),
  admin: s.addresses.admin.join('\n'),
  keys: s.addresses.keys.join('\n'),
});
