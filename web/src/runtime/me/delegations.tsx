import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { App, Delegation, Display, MenuItem } from '../../core/api';
import { personName } from '../../core/flow';
import { formatTime } from '../../core/format';
import { Avatar, Button, confirm, Empty, ErrorState, Icon, Skeleton, Tag, type Tone, textOf, toast } from '../../kit';
import { useLang, useT } from '../../texts';
import { more } from '../more';
import { useApps } from '../queries';
import { useMe } from '../session';
import { DelegationSheet } from './delegation-sheet';
import { useMineT } from './texts';

const key = ['delegations'];
const tones: Record<string, Tone> = { planned: 'brand', active: 'success', ended: 'neutral' };

/** Who stands in for the user and when, and for whom he stands in. */
export default function Delegations() {
  const m = useMineT();
  const q = useQueryClient();
  const list = useQuery({ queryKey: key, queryFn: ({ signal }) => more.delegations({ signal }) });
  const [open, setOpen] = useState<Delegation | 'new' | null>(null);
  if (list.error) return <ErrorState error={list.error} onRetry={() => void list.refetch()} />;
  if (!list.data) return <Skeleton rows={3} kind="cards" />;
  const { items, standing_for: standing = [], display = {} } = list.data;
  const now = items.filter((d) => d.state !== 'ended');
  const past = items.filter((d) => d.state === 'ended');
  const add = (
    <Button kind="primary" icon={<Icon name="plus" size={16} />} onClick={() => setOpen('new')}>
      {m('mine.add')}
    </Button>
  );
  return (
    <>
      {now.length > 0 && <div className="fw-mine-tools">{add}</div>}
      {now.length > 0 ? (
        <Lines items={now} display={display} onEdit={setOpen} />
      ) : (
        <Empty icon="user" text={m('mine.none')} note={m('mine.noneNote')} action={add} />
      )}
      {standing.length > 0 && (
        <>
          <h2 className="fw-mine-title">{m('mine.standing')}</h2>
          <Lines items={standing} display={display} standing />
        </>
      )}
      {past.length > 0 && (
        <>
          <h2 className="fw-mine-title">{m('mine.others')}</h2>
          <Lines items={past} display={display} />
        </>
      )}
      {open && (
        <DelegationSheet
          of={open === 'new' ? undefined : open}
          display={display}
          onClose={() => setOpen(null)}
          onSaved={() => {
            setOpen(null);
            void q.invalidateQueries({ queryKey: key });
          }}
        />
      )}
    </>
  );
}

function Lines(props: { items: Delegation[]; display: Display; standing?: boolean; onEdit?(d: Delegation): void }) {
  const m = useMineT();
  const lang = useLang();
  const { zone } = useMe().tenant;
  const scope = useScopeNames();
  return (
    <ul className="fw-mine-list">
      {props.items.map((d) => {
        const name = personName(props.standing ? d.user : d.delegate, props.display, lang);
        const state = d.state ?? 'planned';
        const period = m('mine.to', { from: formatTime(d.from, lang, zone), until: formatTime(d.until, lang, zone) });
        return (
          <li key={d.id} className="fw-card fw-mine-item">
            <Avatar name={name} size={40} />
            <div className="fw-mine-main">
              <p className="fw-mine-name">
                <b>{props.standing ? m('mine.standingFor', { name }) : name}</b>
                <Tag tone={tones[state]}>{m(`mine.state_${state}`)}</Tag>
              </p>
              <p className="fw-muted">{period}</p>
              <p className="fw-muted">{[scope(d.forms), d.note].filter(Boolean).join(' · ')}</p>
            </div>
            {!props.standing && state !== 'ended' && <LineTools of={d} name={name} onEdit={props.onEdit} />}
          </li>
        );
      })}
    </ul>
  );
}

function LineTools({ of: d, name, onEdit }: { of: Delegation; name: string; onEdit?(d: Delegation): void }) {
  const t = useT();
  const m = useMineT();
  const q = useQueryClient();
  const planned = d.state === 'planned';
  const end = async () => {
    const question = {
      title: m(planned ? 'mine.dropAsk' : 'mine.endAsk', { name }),
      text: planned ? undefined : m('mine.endNote'),
      ok: m(planned ? 'mine.drop' : 'mine.end'),
      danger: true,
    };
    if (!(await confirm(question))) return;
    try {
      await more.endDelegation(d.id);
      toast(m('mine.ended'), 'success');
    } catch (e) {
      toast(textOf(e), 'error');
    }
    void q.invalidateQueries({ queryKey: key });
  };
  return (
    <div className="fw-mine-actions">
      <Button size="small" onClick={() => onEdit?.(d)}>
        {t('common.edit')}
      </Button>
      <Button size="small" onClick={() => void end()}>
        {m(planned ? 'mine.drop' : 'mine.end')}
      </Button>
    </div>
  );
}

/** The forms of a menu with their titles. */
export const formsOf = (menu: MenuItem[]): MenuItem[] =>
  menu.flatMap((x) => [...(x.form ? [x] : []), ...formsOf(x.items ?? [])]);

/** What a delegation may be for: whole apps and single forms. */
export const scopesOf = (apps: App[]) =>
  apps.flatMap((app) => [
    { value: app.key, text: app.title },
    ...formsOf(app.menu).map((x) => ({ value: x.form ?? '', text: `${app.title} / ${x.title}` })),
  ]);

function useScopeNames() {
  const m = useMineT();
  const apps = useApps();
  const titles = new Map(scopesOf(apps.data?.items ?? []).map((x) => [x.value, x.text]));
  return (forms: string[] | undefined) =>
    forms?.length ? forms.map((f) => titles.get(f) ?? f).join('、') : m('mine.scopeAll');
}
