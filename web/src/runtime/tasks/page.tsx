import './tasks.css';
import { useEffect, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Display, TaskBox, TaskCounts, TaskItem } from '../../core/api';
import { caseLabel } from '../../core/flow';
import { displaySummary, duration, formatTime, mergedDisplay, relativeTime } from '../../core/format';
import { Avatar, Button, Empty, ErrorState, Icon, SearchField, Skeleton, Spinner, Tabs, Tag, useMode } from '../../kit';
import { toneOf } from '../../render/tone';
import { useNow } from '../../render/use-now';
import { type T, useLang, useT } from '../../texts';
import { useTasks } from '../pages';
import { useCounts } from '../queries';
import { RecordDetail } from '../record/detail';
import { useMe } from '../session';

const boxes: TaskBox[] = ['todo', 'done', 'mine', 'cc'];

/** What waits for me, what I did, what I started, what was copied to me. */
export default function TasksPage() {
  const t = useT();
  const mode = useMode();
  const search = useSearch();
  const [, go] = useLocation();
  const params = new URLSearchParams(search);
  const box = boxes.find((b) => b === params.get('box')) ?? 'todo';
  const open = params.get('open') ?? '';
  const counts = useCounts();
  const toBox = (b: string) => go(`/tasks?box=${b}`, { replace: true });
  const tabs = boxes.map((b) => ({
    key: b,
    title: t(`task.${b}`),
    count: b === 'todo' || b === 'cc' ? counts.data?.[b as keyof TaskCounts] : undefined,
  }));
  const list = (
    <Tabs fill items={tabs} active={box} onChange={toBox} label={t('task.center')}>
      <TaskList key={box} box={box} open={open} />
    </Tabs>
  );
  if (mode === 'phone') return <div className="fw-page fw-tasks">{list}</div>;
  const [form, record, task] = open.split('~');
  return (
    <div className="fw-split">
      <section className="fw-split-list" aria-label={t('task.center')}>
        {list}
      </section>
      <section className="fw-split-main" aria-label={t('list.detail')}>
        {form && record ? (
          <RecordDetail
            key={open}
            form={form}
            id={record}
            task={task}
            embedded
            onDone={() => go(`/tasks?box=${box}`, { replace: true })}
          />
        ) : (
          <Empty icon="tasks" text={t('ui.pickTask')} />
        )}
      </section>
    </div>
  );
}

/** Where a task is opened: beside the list on a desktop, on a page of its own on a phone. */
function hrefOf(x: TaskItem, box: TaskBox, mode: 'phone' | 'desktop'): string {
  if (mode === 'desktop') return `/tasks?box=${box}&open=${encodeURIComponent(`${x.form}~${x.record}~${x.id}`)}`;
  return `/f/${x.form}/${x.record}?task=${x.id}&box=${box}`;
}

function TaskList({ box, open }: { box: TaskBox; open: string }) {
  const t = useT();
  const mode = useMode();
  const [, go] = useLocation();
  const [text, setText] = useState('');
  const [q, setQ] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQ(text.trim()), text ? 300 : 0);
    return () => clearTimeout(timer);
  }, [text]);
  const list = useTasks(box, q);
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const display = useMemo(() => mergedDisplay(list.data?.pages.map((p) => p.display) ?? []), [list.data]);
  const first = items[0];
  useEffect(() => {
    // On a desktop the first task is opened at once: there is room for it.
    if (mode === 'desktop' && !open && first) go(hrefOf(first, box, 'desktop'), { replace: true });
  }, [mode, open, first, box, go]);
  return (
    <>
      <div className="fw-task-search">
        <SearchField value={text} onChange={setText} label={t('common.search')} />
      </div>
      {list.isPending ? (
        <Skeleton kind="cards" rows={4} />
      ) : list.error && !items.length ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !items.length ? (
        <NoTasks box={box} searched={q !== ''} />
      ) : (
        <>
          <ul className="fw-task-list">
            {items.map((x) => (
              <TaskCard
                key={`${x.id}-${x.record}`}
                item={x}
                box={box}
                display={display}
                here={open.endsWith(`~${x.id}`)}
              />
            ))}
          </ul>
          <p className="fw-list-end">
            {list.isFetchingNextPage ? (
              <Spinner />
            ) : list.hasNextPage ? (
              <Button kind="text" onClick={() => void list.fetchNextPage()}>
                {t('common.loadMore')}
              </Button>
            ) : (
              t('common.noMore')
            )}
          </p>
        </>
      )}
    </>
  );
}

const emptyTexts = {
  todo: 'task.emptyTodo',
  done: 'task.emptyDone',
  mine: 'task.emptyMine',
  cc: 'task.emptyCc',
} as const;

function NoTasks({ box, searched }: { box: TaskBox; searched: boolean }) {
  const t = useT();
  const [, go] = useLocation();
  if (searched) return <Empty icon="search" text={t('list.emptySearch')} />;
  return (
    <Empty
      icon="tasks"
      text={t(emptyTexts[box])}
      note={box === 'todo' ? t('ui.noTodoNote') : undefined}
      action={<Button onClick={() => go('/')}>{t('ui.goHome')}</Button>}
    />
  );
}

function TaskCard({ item: x, box, display, here }: { item: TaskItem; box: TaskBox; display: Display; here: boolean }) {
  const t = useT();
  const mode = useMode();
  const now = useNow();
  const [, go] = useLocation();
  const { tenant } = useMe();
  const facts = { display, lang: useLang(), zone: tenant.zone, currency: tenant.currency };
  const name = display.users?.[x.initiator] ?? x.initiator;
  const state = x.case_state ? caseLabel(x.case_state) : undefined;
  return (
    <li>
      <button
        type="button"
        className="fw-card fw-task"
        aria-current={here || undefined}
        onClick={() => go(hrefOf(x, box, mode))}
      >
        <span className="fw-task-head">
          <span className="fw-task-form">{x.form_title}</span>
          {x.urged_at && box === 'todo' && <Tag tone="warning">{t('task.urged')}</Tag>}
          {box !== 'todo' && state && <Tag tone={toneOf(state.tone)}>{state.text}</Tag>}
        </span>
        <span className="fw-task-title">{x.title}</span>
        {x.summary?.map((s) => (
          <span key={s.title} className="fw-record-line">
            <span className="fw-muted">{s.title}</span>
            <span className="fw-record-value">{displaySummary(s, facts)}</span>
          </span>
        ))}
        <span className="fw-task-foot">
          <Avatar name={name} size={22} />
          <span>{name}</span>
          <TaskTime item={x} box={box} now={now} t={t} />
        </span>
      </button>
    </li>
  );
}

function TaskTime({ item: x, box, now, t }: { item: TaskItem; box: TaskBox; now: number; t: T }) {
  const lang = useLang();
  const { tenant } = useMe();
  const since = x.opened_at ? Date.parse(x.opened_at) : Number.NaN;
  if (box === 'todo' && !Number.isNaN(since)) {
    const waited = Math.max(0, now - since);
    return (
      <span className="fw-task-time" data-late={waited > 86_400_000 || undefined}>
        <Icon name="clock" size={14} />
        {t('task.waited', { time: duration(waited, lang) })}
      </span>
    );
  }
  const at = x.done_at || x.opened_at;
  return (
    <span className="fw-task-time" title={formatTime(at, lang, tenant.zone)}>
      {[box === 'mine' ? x.node_title : '', at ? relativeTime(at, now, lang, tenant.zone) : '']
        .filter(Boolean)
        .join(' · ')}
    </span>
  );
}
