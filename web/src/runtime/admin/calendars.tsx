import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Calendar, Weekday } from '../../core/api/admin-security';
import { Button, Cell, confirm, ErrorState, Icon, Skeleton, Tag, TextArea, TextInput, textOf, toast } from '../../kit';
import { useT } from '../../texts';
import { daysText, parseDays, parseSpans, parseWorkdays, spansText, Unreadable, workdaysText } from './calendar-text';
import { adminKeys, adminSecurity } from './client';
import { FormSheet, Head, Line } from './parts';
import { type Problems, useSave } from './problems';
import { ta, useA } from './texts';

const weekdays: Weekday[] = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const office: [string, string][] = [
  ['09:00', '12:00'],
  ['13:30', '18:00'],
];
const blank: Calendar = {
  key: '',
  title: '',
  week: { mon: office, tue: office, wed: office, thu: office, fri: office, sat: [], sun: [] },
  holidays: [],
  workdays: [],
};

/** When work is done: what deadlines count. */
export default function Calendars() {
  const a = useA();
  const [open, setOpen] = useState<Calendar | null>(null);
  const list = useQuery({
    queryKey: adminKeys.calendars,
    queryFn: ({ signal }) => adminSecurity.calendars({ signal }),
  });
  return (
    <>
      <Head note={a('more.calNote')}>
        <Button kind="primary" icon={<Icon name="plus" size={16} />} onClick={() => setOpen(blank)}>
          {a('more.addCal')}
        </Button>
      </Head>
      {list.isPending ? (
        <Skeleton rows={3} />
      ) : list.error ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : (
        <div className="fw-card">
          {list.data.items.map((c) => (
            <Cell
              key={c.key}
              title={
                <>
                  {c.title} {c.key === 'default' && <Tag tone="brand">{a('more.default')}</Tag>}
                </>
              }
              note={summary(c)}
              arrow
              onClick={() => setOpen(c)}
            />
          ))}
        </div>
      )}
      {open && <CalendarSheet was={open} onClose={() => setOpen(null)} />}
    </>
  );
}

/** "周一～周五 09:00-12:00 13:30-18:00 · 11 个节假日": weekdays of the same hours together. */
function summary(c: Calendar): string {
  const parts: string[] = [];
  for (let i = 0; i < weekdays.length; ) {
    const hours = spansText(c.week[weekdays[i] as Weekday] ?? []);
    let j = i;
    while (j + 1 < weekdays.length && spansText(c.week[weekdays[j + 1] as Weekday] ?? []) === hours) j++;
    const name = (n: number) => ta(`more.${weekdays[n] as Weekday}`);
    if (hours) parts.push(`${i === j ? name(i) : `${name(i)}～${name(j)}`} ${hours}`);
    i = j + 1;
  }
  return [...parts, ta('more.nDays', { n: c.holidays.length, m: c.workdays.length })].join(' · ');
}

interface Draft {
  key: string;
  title: string;
  zone: string;
  week: Record<Weekday, string>;
  holidays: string;
  workdays: string;
}

const draftOf = (c: Calendar): Draft => ({
  key: c.key,
  title: c.title,
  zone: c.zone ?? '',
  week: Object.fromEntries(weekdays.map((d) => [d, spansText(c.week[d] ?? [])])) as Draft['week'],
  holidays: daysText(c.holidays),
  workdays: workdaysText(c.workdays),
});

/** What is written, or what cannot be read and where. */
function read(d: Draft): { body?: Omit<Calendar, 'key'>; problems: Problems } {
  const problems: Problems = {};
  const attempt = <T,>(place: string, work: () => T): T | undefined => {
    try {
      return work();
    } catch (x) {
      if (!(x instanceof Unreadable)) throw x;
      problems[place] =
        x.kind === 'span' ? ta('more.badSpan', { text: x.text }) : ta('more.badDate', { n: Math.max(1, x.line) });
      return undefined;
    }
  };
  const week = Object.fromEntries(weekdays.map((w) => [w, attempt('week', () => parseSpans(d.week[w])) ?? []]));
  const holidays = attempt('holidays', () => parseDays(d.holidays)) ?? [];
  const workdays = attempt('workdays', () => parseWorkdays(d.workdays)) ?? [];
  if (!d.title.trim()) problems.title = ta('adm.needName');
  if (!/^[a-z][a-z0-9_]*$/.test(d.key)) problems.key = ta('more.calKeyHint');
  const zone = d.zone.trim() || undefined;
  return { body: { title: d.title.trim(), zone, week: week as Calendar['week'], holidays, workdays }, problems };
}

function CalendarSheet({ was, onClose }: { was: Calendar; onClose(): void }) {
  const a = useA();
  const q = useQueryClient();
  const [d, setD] = useState(() => draftOf(was));
  const set = (part: Partial<Draft>) => setD((old) => ({ ...old, ...part }));
  const { busy, problems, run } = useSave(['key', 'title', 'zone', 'week', 'holidays', 'workdays']);
  const added = !was.key;
  const save = () => {
    const { body, problems: found } = read(d);
    void run(async () => {
      if (!body) return;
      await adminSecurity.saveCalendar(d.key, { ...body, rev: was.rev });
      toast(a(added ? 'adm.added' : 'adm.saved'), 'success');
      onClose();
      await q.invalidateQueries({ queryKey: adminKeys.calendars });
    }, found);
  };
  return (
    <FormSheet
      title={a(added ? 'more.addCal' : 'more.editCal')}
      busy={busy}
      problem={problems['']}
      onSave={save}
      onClose={onClose}
      more={!added && <Remove calendar={was} onClose={onClose} />}
    >
      {added && (
        <Line label={a('more.calKey')} hint={a('more.calKeyHint')} problem={problems.key} required>
          {(p) => <TextInput {...p} value={d.key} onChange={(key) => set({ key })} maxLength={40} autoFocus />}
        </Line>
      )}
      <Line label={a('more.calTitle')} problem={problems.title} required>
        {(p) => <TextInput {...p} value={d.title} onChange={(title) => set({ title })} maxLength={100} />}
      </Line>
      <Line label={a('more.calZone')} problem={problems.zone}>
        {(p) => (
          <TextInput {...p} value={d.zone} onChange={(zone) => set({ zone })} placeholder={a('more.calZoneDefault')} />
        )}
      </Line>
      <fieldset className="fw-adm-week">
        <legend>{a('more.week')}</legend>
        <p className={problems.week ? 'fw-adm-problem' : 'fw-adm-hint'} role={problems.week ? 'alert' : undefined}>
          {problems.week ?? a('more.weekHint')}
        </p>
        {weekdays.map((w) => (
          <div key={w} className="fw-adm-weekday">
            <span id={`cal-${w}`}>{a(`more.${w}`)}</span>
            <div className="fw-adm-input">
              <TextInput
                labelId={`cal-${w}`}
                label={a(`more.${w}`)}
                value={d.week[w]}
                placeholder={a('more.rest')}
                onChange={(text) => set({ week: { ...d.week, [w]: text } })}
              />
            </div>
          </div>
        ))}
      </fieldset>
      <Line label={a('more.holidays')} hint={a('more.holidaysHint')} problem={problems.holidays}>
        {(p) => <TextArea {...p} rows={5} value={d.holidays} onChange={(holidays) => set({ holidays })} />}
      </Line>
      <Line label={a('more.workdays')} hint={a('more.workdaysHint')} problem={problems.workdays}>
        {(p) => <TextArea {...p} rows={3} value={d.workdays} onChange={(workdays) => set({ workdays })} />}
      </Line>
    </FormSheet>
  );
}

function Remove({ calendar, onClose }: { calendar: Calendar; onClose(): void }) {
  const a = useA();
  const t = useT();
  const q = useQueryClient();
  const reset = calendar.key === 'default';
  if (reset && calendar.builtin) return null; // as it was delivered
  const text = a(reset ? 'more.resetCal' : 'more.deleteCal');
  const remove = async () => {
    const yes = await confirm({
      title: reset ? text : a('more.deleteCalAsk', { name: calendar.title }),
      text: reset ? undefined : a('more.deleteCalNote'),
      ok: text,
      danger: true,
    });
    if (!yes) return;
    try {
      await adminSecurity.deleteCalendar(calendar.key);
      toast(a('adm.saved'), 'success');
      onClose();
      await q.invalidateQueries({ queryKey: adminKeys.calendars });
    } catch (x) {
      toast(textOf(x), 'error');
    }
  };
  return (
    <span className="fw-adm-more">
      <Button kind="danger" name={t('common.delete')} onClick={() => void remove()}>
        {text}
      </Button>
    </span>
  );
}
