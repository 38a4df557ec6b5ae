import './tasks.css';
import { useEffect, useMemo, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { TaskBox, TaskCounts } from '../../core/api';
import { mergedDisplay } from '../../core/format';
import { Empty, Tabs, useMode } from '../../kit';
import { useT } from '../../texts';
import { useActT } from '../act/texts';
import { type TaskFilter, useTasks } from '../pages';
import { useCounts } from '../queries';
import { RecordDetail } from '../record/detail';
import { boxes, boxOf, nextOf } from './boxes';
import { hrefOf, TaskList } from './list';

const everything: TaskFilter = { q: '', app: '', late: false, urgent: false };

/** What waits for me, what I did, what I started, what was copied to me, what others do for me. */
export default function TasksPage() {
  const t = useT();
  const a = useActT();
  const mode = useMode();
  const [, go] = useLocation();
  const params = new URLSearchParams(useSearch());
  const box = boxOf(params.get('box'));
  const open = params.get('open') ?? '';
  const counts = useCounts().data;
  const [filter, setFilter] = useState<TaskFilter>({ ...everything, late: params.has('late') });
  const list = useTasks(box, filter);
  const items = useMemo(() => list.data?.pages.flatMap((p) => p.items) ?? [], [list.data]);
  const display = useMemo(() => mergedDisplay(list.data?.pages.map((p) => p.display) ?? []), [list.data]);
  const first = items[0];
  useEffect(() => {
    // On a desktop the first task is opened at once: there is room for it.
    if (mode === 'desktop' && !open && first) go(hrefOf(first, box, 'desktop'), { replace: true });
  }, [mode, open, first, box, go]);

  const toBox = (b: string) => {
    setFilter(everything);
    go(`/tasks?box=${b}`, { replace: true });
  };
  const done = () => {
    const next = nextOf(items, open);
    go(next ? hrefOf(next, box, 'desktop') : `/tasks?box=${box}`, { replace: true });
  };
  const tabs = boxes.map((b) => ({
    key: b,
    title: b === 'delegated' ? a('act.delegated') : t(`task.${b}`),
    count: counted(b) ? counts?.[b as keyof TaskCounts] : undefined,
  }));
  const left = (
    <Tabs fill items={tabs} active={box} onChange={toBox} label={t('task.center')}>
      <TaskList
        key={box}
        box={box}
        open={open}
        list={list}
        items={items}
        display={display}
        filter={filter}
        late={counts?.overdue ?? 0}
        onFilter={(part) => setFilter((f) => ({ ...f, ...part }))}
      />
    </Tabs>
  );
  if (mode === 'phone') return <div className="fw-page fw-tasks">{left}</div>;
  const [form, record, task] = open.split('~');
  const none = !list.isPending && items.length === 0;
  return (
    <div className="fw-split">
      <section className="fw-split-list" aria-label={t('task.center')}>
        {left}
      </section>
      <section className="fw-split-main" aria-label={t('list.detail')}>
        {form && record ? (
          <RecordDetail key={open} form={form} id={record} task={task} box={box} embedded onDone={done} />
        ) : (
          <Empty
            icon="tasks"
            text={none ? a('act.noneToOpen') : t('ui.pickTask')}
            note={none && box === 'todo' ? a('act.noneToOpenNote') : undefined}
          />
        )}
      </section>
    </div>
  );
}

const counted = (b: TaskBox) => b === 'todo' || b === 'cc' || b === 'delegated';
