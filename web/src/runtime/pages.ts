import { useInfiniteQuery } from '@tanstack/react-query';
import type { ListQuery, TaskBox } from '../core/api';
import { api } from './api';
import { keys } from './queries';

/** Lists that are read page by page. */
export const useRecords = (ref: string, query: ListQuery) =>
  useInfiniteQuery({
    queryKey: keys.records(ref, query),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.records(ref, { ...query, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.next_cursor || undefined,
    placeholderData: (previous) => previous,
  });

/** What narrows or orders a box of tasks. */
export interface TaskFilter {
  q: string;
  app: string;
  late: boolean;
  urgent: boolean;
}

export const useTasks = (box: TaskBox, f: TaskFilter) =>
  useInfiniteQuery({
    queryKey: [...keys.tasks, box, f],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      api.tasks(
        {
          box,
          q: f.q,
          app: f.app,
          cursor: pageParam,
          overdue: f.late ? 1 : undefined,
          order: f.urgent ? 'urgent' : undefined,
        },
        { signal },
      ),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
