import { useQuery } from '@tanstack/react-query';
import { useLocation } from 'wouter';
import type { TaskBox, TaskItem } from '../../core/api';
import { IconButton } from '../../kit';
import { useActT } from '../act/texts';
import { api } from '../api';
import { keys } from '../queries';

/** So many tasks can be gone through one after the other. */
const reach = 50;

/** The task before and after this one in its box, without going back to the list. */
export function TaskNav({ task, box = 'todo' }: { task: string; box?: TaskBox }) {
  const a = useActT();
  const [, go] = useLocation();
  const list = useQuery({
    queryKey: [...keys.tasks, 'nav', box],
    queryFn: ({ signal }) => api.tasks({ box, limit: reach }, { signal }),
  });
  const items = list.data?.items ?? [];
  const at = items.findIndex((x) => x.id === task);
  if (at < 0 || items.length < 2) return null;
  const to = (x: TaskItem | undefined) => {
    if (x) go(`/f/${x.form}/${x.record}?task=${x.id}&box=${box}`, { replace: true });
  };
  return (
    <>
      <span className="fw-sr">{a('act.place', { n: at + 1, m: items.length })}</span>
      <IconButton icon="up" name={a('act.prev')} disabled={at === 0} onClick={() => to(items[at - 1])} />
      <IconButton
        icon="down"
        name={a('act.next')}
        disabled={at === items.length - 1}
        onClick={() => to(items[at + 1])}
      />
    </>
  );
}
