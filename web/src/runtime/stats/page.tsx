import './stats.css';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import type { FlowStats } from '../../core/api';
import { Empty, ErrorState, NavBar, Skeleton, useMode } from '../../kit';
import { useLang, useT } from '../../texts';
import { more } from '../more';
import { useMe } from '../session';
import { firstDay, workTime } from './numbers';
import { Bottleneck, Nodes, People, Weeks } from './tables';
import { useStatsT } from './texts';

const periods = [7, 30, 90, 365];

/** How a flow fares: how long it takes, where it waits, what comes back. */
export default function StatsPage() {
  const t = useT();
  const s = useStatsT();
  const lang = useLang();
  const { zone } = useMe().tenant;
  const phone = useMode() === 'phone';
  const [, go] = useLocation();
  const { form = '' } = useParams<{ form: string }>();
  const [days, setDays] = useState(30);
  const from = firstDay(days, Date.now(), zone);
  const stats = useQuery({
    queryKey: ['stats', form, from, lang],
    queryFn: ({ signal }) => more.stats(form, { from }, { signal }),
    placeholderData: (before) => before,
  });
  const back = () => go(`/f/${form}`);
  const data = stats.data;
  return (
    <div className="fw-page fw-stats">
      {phone ? (
        <NavBar title={s('stats.title')} onBack={back} backName={t('common.back')} />
      ) : (
        <header className="fw-stats-head">
          <nav className="fw-breadcrumb" aria-label={t('common.back')}>
            <button type="button" className="fw-link" onClick={back}>
              {data?.title ?? form}
            </button>
            <span aria-hidden="true">/</span>
            <span>{s('stats.title')}</span>
          </nav>
          <h1>{data ? s('stats.of', { title: data.title }) : s('stats.title')}</h1>
        </header>
      )}
      <div className="fw-stats-tools">
        <fieldset className="fw-segment" aria-label={s('stats.period')}>
          {periods.map((n) => (
            <button key={n} type="button" aria-pressed={n === days} onClick={() => setDays(n)}>
              {n === 365 ? s('stats.year') : s('stats.days', { n })}
            </button>
          ))}
        </fieldset>
        {data && <p className="fw-muted">{s('stats.range', { from: data.from, until: data.until })}</p>}
      </div>
      {stats.error ? (
        <ErrorState error={stats.error} onRetry={() => void stats.refetch()} />
      ) : !data ? (
        <Skeleton rows={6} />
      ) : (
        <Body data={data} />
      )}
    </div>
  );
}

function Body({ data }: { data: FlowStats }) {
  const s = useStatsT();
  const lang = useLang();
  const { cases } = data;
  const numbers = [
    { title: s('stats.count'), value: String(cases.count) },
    { title: s('stats.median'), value: workTime(cases.median_minutes, lang) },
    { title: s('stats.p90'), value: workTime(cases.p90_minutes, lang) },
    { title: s('stats.running'), value: String(cases.running) },
    { title: s('stats.overdue'), value: String(cases.overdue), bad: cases.overdue > 0 },
    { title: s('stats.returned'), value: String(cases.returned) },
    { title: s('stats.rejected'), value: String(cases.rejected) },
  ];
  return (
    <>
      {data.capped && <p className="fw-stats-note">{s('stats.capped', { n: data.cap })}</p>}
      <dl className="fw-stats-numbers">
        {numbers.map((n) => (
          <div key={n.title} className="fw-card" data-bad={n.bad || undefined}>
            <dt>{n.title}</dt>
            <dd>{n.value}</dd>
          </div>
        ))}
      </dl>
      {cases.count === 0 && cases.running === 0 && (
        <Empty icon="clock" text={s('stats.none')} note={s('stats.noneNote')} />
      )}
      <Bottleneck data={data} />
      <Nodes data={data} />
      <People data={data} />
      <Weeks data={data} />
    </>
  );
}
