import '../../fields/subtable/subtable.css';
import type { ReactNode } from 'react';
import type { FlowStats, NodeStats } from '../../core/api';
import { namesOf, pathOf, personName } from '../../core/flow';
import { Tag } from '../../kit';
import { useLang } from '../../texts';
import { rate, share, workTime } from './numbers';
import { useStatsT } from './texts';

/** Where it waits now, the oldest first. */
export function Bottleneck({ data }: { data: FlowStats }) {
  const s = useStatsT();
  const lang = useLang();
  const list = data.bottleneck ?? [];
  if (!list.length) return null;
  return (
    <Section title={s('stats.bottleneck')}>
      <Table
        label={s('stats.bottleneck')}
        heads={[s('stats.case'), s('stats.node'), s('stats.person'), s('stats.since')]}
        right={[3]}
        rows={list.map((x) => [
          pathOf(x.case) ? (
            <a key="l" href={pathOf(x.case)}>
              {x.title}
            </a>
          ) : (
            x.title || s('stats.unseen')
          ),
          x.node_title,
          personName(x.user, data.display, lang),
          <span key="t" className="fw-stats-since">
            {x.overdue && <Tag tone="danger">{s('stats.late')}</Tag>}
            {workTime(x.minutes, lang)}
          </span>,
        ])}
      />
    </Section>
  );
}

/** How long each step takes, and what comes back from it. */
export function Nodes({ data }: { data: FlowStats }) {
  const s = useStatsT();
  const lang = useLang();
  const list = data.nodes.filter((n) => n.count > 0 || n.open > 0);
  if (!list.length) return null;
  const most = Math.max(...list.map((n) => n.p90 ?? n.median ?? 0));
  const slowest = list.reduce<NodeStats | undefined>((a, b) => ((b.median ?? 0) > (a?.median ?? 0) ? b : a), undefined);
  return (
    <Section title={s('stats.nodes')}>
      <Table
        label={s('stats.nodes')}
        heads={[
          s('stats.node'),
          s('stats.visits'),
          s('stats.median'),
          s('stats.p90'),
          s('stats.overdue'),
          s('stats.returnRate'),
          s('stats.openNow'),
          s('stats.oldest'),
        ]}
        right={[1, 4, 5, 6, 7]}
        rows={list.map((n) => [
          <span key="n">
            {n.title} {n === slowest && list.length > 1 && <Tag tone="warning">{s('stats.slowest')}</Tag>}
            {!!n.waiting?.length && (
              <small>
                {s('stats.waiting')} {namesOf(n.waiting, data.display, lang)}
              </small>
            )}
          </span>,
          n.count,
          <Bar key="m" text={workTime(n.median, lang)} length={share(n.median, most)} />,
          <Bar key="p" text={workTime(n.p90, lang)} length={share(n.p90, most)} soft />,
          <Count key="o" n={n.overdue} />,
          rate(n.return_rate),
          n.open,
          n.open ? workTime(n.oldest_minutes, lang) : '–',
        ])}
      />
    </Section>
  );
}

/** Who has how much to do, and how fast it goes. */
export function People({ data }: { data: FlowStats }) {
  const s = useStatsT();
  const lang = useLang();
  const list = data.people ?? [];
  if (!list.length) return null;
  const most = Math.max(...list.map((p) => p.open));
  return (
    <Section title={s('stats.people')}>
      <Table
        label={s('stats.people')}
        heads={[
          s('stats.person'),
          s('stats.openNow'),
          s('stats.oldest'),
          s('stats.handled'),
          s('stats.median'),
          s('stats.overdue'),
        ]}
        right={[2, 3, 4, 5]}
        rows={list.map((p) => [
          personName(p.user, data.display, lang),
          <Bar key="o" text={String(p.open)} length={share(p.open, most)} />,
          p.open ? workTime(p.oldest_minutes, lang) : '–',
          p.count,
          workTime(p.median, lang),
          <Count key="l" n={(p.overdue ?? 0) + (p.overdue_open ?? 0)} />,
        ])}
      />
    </Section>
  );
}

/** Week by week: how many ended, and how long they took. */
export function Weeks({ data }: { data: FlowStats }) {
  const s = useStatsT();
  const lang = useLang();
  const list = data.weeks ?? [];
  if (!list.length) return null;
  const most = Math.max(...list.map((w) => w.cases));
  return (
    <Section title={s('stats.weeks')}>
      <Table
        label={s('stats.weeks')}
        heads={[s('stats.week'), s('stats.cases'), s('stats.median'), s('stats.rejected'), s('stats.overdue')]}
        right={[2, 3, 4]}
        rows={list.map((w) => [
          <span key="w" title={w.week}>
            {w.from}
          </span>,
          <Bar key="c" text={String(w.cases)} length={share(w.cases, most)} />,
          workTime(w.median_minutes, lang),
          w.rejected ?? 0,
          <Count key="o" n={w.overdue ?? 0} />,
        ])}
      />
    </Section>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="fw-card fw-stats-part">
      <h2>{title}</h2>
      {children}
    </section>
  );
}

function Table(props: { label: string; heads: string[]; right: number[]; rows: ReactNode[][] }) {
  const side = (i: number) => (props.right.includes(i) ? 'fw-align-right' : undefined);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by keyboard
    <div className="fw-table-scroll" tabIndex={0} role="region" aria-label={props.label}>
      <table className="fw-table">
        <thead>
          <tr>
            {props.heads.map((h, i) => (
              <th key={h} scope="col" className={side(i)}>
                {h}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {props.rows.map((cells, r) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the rows of one answer never move
            <tr key={r}>
              {cells.map((c, i) => (
                <td key={props.heads[i]} className={side(i)}>
                  {c}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** A number with a bar of its share behind it; the number says it too. */
function Bar({ text, length, soft }: { text: string; length: number; soft?: boolean }) {
  return (
    <span className="fw-stats-bar" data-soft={soft || undefined}>
      <i style={{ width: `${length}%` }} />
      <span>{text}</span>
    </span>
  );
}

function Count({ n }: { n: number }) {
  return <span className={n > 0 ? 'fw-danger' : undefined}>{n}</span>;
}
