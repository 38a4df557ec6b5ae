import { type ReactNode, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import type { Display, TaskBox, TaskItem } from '../../core/api';
import { Badge, Button, Empty, ErrorState, SearchField, Select, Skeleton, Spinner, useMode } from '../../kit';
import { useT } from '../../texts';
import { useActT } from '../act/texts';
import type { TaskFilter, useTasks } from '../pages';
import { useApps } from '../queries';
import { BatchBar, useChosen } from './batch';
import { canBatch, groups } from './boxes';
import { TaskCard } from './card';
import { QuickSheet } from './quick';

/** Where a task is opened: beside the list on a desktop, on a page of its own on a phone. */
export function hrefOf(x: TaskItem, box: TaskBox, mode: 'phone' | 'desktop'): string {
  if (mode === 'desktop') return `/tasks?box=${box}&open=${encodeURIComponent(`${x.form}~${x.record}~${x.id}`)}`;
  return `/f/${x.form}/${x.record}?task=${x.id}&box=${box}`;
}

export interface TaskListProps {
  box: TaskBox;
  open: string;
  list: ReturnType<typeof useTasks>;
  items: TaskItem[];
  display: Display;
  filter: TaskFilter;
  /** How many are overdue in all. */
  late: number;
  onFilter(part: Partial<TaskFilter>): void;
}

/** The tasks of a box, with what narrows them and what can be done to several. */
export function TaskList(props: TaskListProps) {
  const t = useT();
  const { box, open, list, items, display, filter } = props;
  const mode = useMode();
  const [, go] = useLocation();
  const [quick, setQuick] = useState<TaskItem | null>(null);
  const chosen = useChosen(items);
  const [grouped, setGrouped] = useState(false);
  const apps = useApps();
  const titles = new Map(apps.data?.items.map((x) => [x.key, x.title]));
  return (
    <>
      <Tools
        {...props}
        grouped={grouped}
        onGrouped={titles.size > 1 ? () => setGrouped(!grouped) : undefined}
        batch={chosen.on}
        onBatch={items.some(canBatch) ? chosen.toggleMode : undefined}
      />
      {list.isPending ? (
        <Skeleton kind="cards" rows={4} />
      ) : list.error && !items.length ? (
        <ErrorState error={list.error} onRetry={() => void list.refetch()} />
      ) : !items.length ? (
        <NoTasks box={box} filter={filter} />
      ) : (
        <>
          {groups(items, grouped, titles).map((g) => (
            <section key={g.app} aria-label={g.title || undefined}>
              {g.title && (
                <h2 className="fw-task-group">
                  {g.title} <span className="fw-muted">{g.items.length}</span>
                </h2>
              )}
              <ul className="fw-task-list">
                {g.items.map((x) => (
                  <TaskCard
                    key={`${x.id}-${x.record}`}
                    item={x}
                    box={box}
                    display={display}
                    here={open.endsWith(`~${x.id}`)}
                    choosing={chosen.on}
                    chosen={chosen.has(x)}
                    onChoose={() => chosen.toggle(x)}
                    onOpen={() => go(hrefOf(x, box, mode))}
                    onQuick={() => setQuick(x)}
                  />
                ))}
              </ul>
            </section>
          ))}
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
      {chosen.on && <BatchBar chosen={chosen} display={display} />}
      {quick && <QuickSheet item={quick} display={display} onClose={() => setQuick(null)} />}
    </>
  );
}

interface ToolsProps extends TaskListProps {
  batch: boolean;
  onBatch?(): void;
  grouped: boolean;
  onGrouped?(): void;
}

function Tools(props: ToolsProps) {
  const t = useT();
  const a = useActT();
  const { box, filter, onFilter, late } = props;
  const [text, setText] = useState(filter.q);
  useEffect(() => {
    const q = text.trim();
    if (q === filter.q) return;
    const timer = setTimeout(() => onFilter({ q }), text ? 300 : 0);
    return () => clearTimeout(timer);
  }, [text, filter.q, onFilter]);
  return (
    <div className="fw-task-tools">
      <div className="fw-task-search">
        <SearchField value={text} onChange={setText} label={t('common.search')} />
        <AppFilter value={filter.app} onChange={(app) => onFilter({ app })} />
      </div>
      {(box === 'todo' || props.onBatch || props.onGrouped) && (
        <div className="fw-chips">
          {box === 'todo' && (
            <>
              <Chip on={filter.late} onClick={() => onFilter({ late: !filter.late })}>
                {a('act.lateOnly')}
                <Badge count={late} />
              </Chip>
              <Chip on={filter.urgent} onClick={() => onFilter({ urgent: !filter.urgent })}>
                {a('act.urgent')}
              </Chip>
            </>
          )}
          {props.onGrouped && (
            <Chip on={props.grouped} onClick={props.onGrouped}>
              {a('act.groupByApp')}
            </Chip>
          )}
          {props.onBatch && (
            <Chip on={props.batch} onClick={props.onBatch}>
              {a(props.batch ? 'act.batchEnd' : 'act.batch')}
            </Chip>
          )}
        </div>
      )}
    </div>
  );
}

function Chip({ on, onClick, children }: { on: boolean; onClick(): void; children: ReactNode }) {
  return (
    <button type="button" className="fw-chip" aria-pressed={on} onClick={onClick}>
      {children}
    </button>
  );
}

/** Narrows the list to one app; nothing to choose where there is one. */
function AppFilter({ value, onChange }: { value: string; onChange(app: string): void }) {
  const a = useActT();
  const apps = useApps();
  const items = apps.data?.items ?? [];
  if (items.length < 2) return null;
  return (
    <span className="fw-task-app">
      <Select
        label={a('act.byApp')}
        value={value}
        placeholder={a('act.allApps')}
        choices={items.map((x) => ({ value: x.key, text: x.title }))}
        onChange={onChange}
      />
    </span>
  );
}

const emptyTexts = {
  todo: 'task.emptyTodo',
  done: 'task.emptyDone',
  mine: 'task.emptyMine',
  cc: 'task.emptyCc',
} as const;

function NoTasks({ box, filter }: { box: TaskBox; filter: TaskFilter }) {
  const t = useT();
  const a = useActT();
  const [, go] = useLocation();
  if (filter.late && !filter.q) return <Empty icon="tasks" text={a('act.emptyLate')} />;
  if (filter.q || filter.app) return <Empty icon="search" text={t('list.emptySearch')} />;
  const home = <Button onClick={() => go('/')}>{t('ui.goHome')}</Button>;
  if (box === 'delegated')
    return (
      <Empty
        icon="tasks"
        text={a('act.emptyDelegated')}
        action={<Button onClick={() => go('/me/delegations')}>{a('act.myDelegations')}</Button>}
      />
    );
  return (
    <Empty
      icon="tasks"
      text={t(emptyTexts[box])}
      note={box === 'todo' ? t('ui.noTodoNote') : undefined}
      action={home}
    />
  );
}
