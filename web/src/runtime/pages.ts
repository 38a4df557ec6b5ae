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

export const useTasks = (box: TaskBox, q: string, app = '') =>
  useInfiniteQuery({
    queryKey: [...keys.tasks, box, q, app],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.tasks({ box, q, app, cursor: pageParam }, { signal }),
    getNextPageParam: (page) => page.next_cursor || undefined,
  });
