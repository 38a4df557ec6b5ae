import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Settings } from '../../core/api/admin';
import { Button, ErrorState, Select, Skeleton, TextInput, toast } from '../../kit';
import { useT } from '../../texts';
import { keys } from '../queries';
import { admin, adminKeys } from './client';
import { Line } from './parts';
import { type Problems, useSave } from './problems';
import { useA } from './texts';

const zones = [
  'Asia/Shanghai',
  'Asia/Urumqi',
  'Asia/Hong_Kong',
  'Asia/Taipei',
  'Asia/Tokyo',
  'Asia/Singapore',
  'Asia/Dubai',
  'Europe/Berlin',
  'Europe/London',
  'America/New_York',
  'America/Los_Angeles',
  'UTC',
];
const currencies = ['CNY', 'HKD', 'TWD', 'USD', 'EUR', 'GBP', 'JPY', 'SGD', 'AED'];

/** What the organisation decides once for all its apps. */
export default function SettingsSection() {
  const list = useQuery({ queryKey: adminKeys.settings, queryFn: ({ signal }) => admin.settings({ signal }) });
  if (list.isPending) return <Skeleton rows={5} kind="form" />;
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  return <Form key={list.data.rev} was={list.data} />;
}

/** The offered values, with the present one whatever it is. */
const offer = (all: string[], now: string) =>
  (all.includes(now) ? all : [now, ...all]).map((value) => ({ value, text: value }));

function Form({ was }: { was: Settings }) {
  const a = useA();
  const t = useT();
  const q = useQueryClient();
  const [v, setV] = useState(was);
  const set = (part: Partial<Settings>) => setV((old) => ({ ...old, ...part }));
  const { busy, problems, run } = useSave(['name', 'zone', 'currency', 'lang', 'host']);
  const save = () => {
    const { rev, name, zone, currency, lang, host } = v;
    const body = { rev, name, zone, currency, lang, host };
    const missing: Problems = v.name.trim() ? {} : { name: a('adm.needName') };
    void run(async () => {
      q.setQueryData(adminKeys.settings, await admin.saveSettings(body));
      toast(a('adm.saved'), 'success');
      await q.invalidateQueries({ queryKey: keys.me });
    }, missing);
  };
  return (
    <form
      className="fw-card fw-adm-form fw-adm-settings"
      noValidate
      onSubmit={(e) => {
        e.preventDefault();
        save();
      }}
    >
      <Line label={a('adm.orgName')} problem={problems.name} required>
        {(p) => <TextInput {...p} value={v.name} onChange={(name) => set({ name })} maxLength={100} />}
      </Line>
      <Line label={a('adm.zone')} hint={a('adm.zoneHint')} problem={problems.zone}>
        {(p) => (
          <Select {...p} required value={v.zone} onChange={(zone) => set({ zone })} choices={offer(zones, was.zone)} />
        )}
      </Line>
      <Line label={a('adm.currency')} problem={problems.currency}>
        {(p) => (
          <Select
            {...p}
            required
            value={v.currency}
            onChange={(currency) => set({ currency })}
            choices={offer(currencies, was.currency)}
          />
        )}
      </Line>
      <Line label={a('adm.orgLang')} problem={problems.lang}>
        {(p) => (
          <Select
            {...p}
            required
            value={v.lang}
            onChange={(lang) => set({ lang })}
            choices={[
              { value: 'zh-CN', text: t('common.languageZh') },
              { value: 'en', text: t('common.languageEn') },
            ]}
          />
        )}
      </Line>
      <Line label={a('adm.host')} hint={a('adm.hostHint')} problem={problems.host}>
        {(p) => <TextInput {...p} value={v.host} onChange={(host) => set({ host })} placeholder="forms.example.com" />}
      </Line>
      <p className="fw-muted">
        {a('adm.orgId')} <code>{was.id}</code>
      </p>
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
