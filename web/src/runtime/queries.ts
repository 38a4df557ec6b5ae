import { QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { ApiError, type ListQuery } from '../core/api';
import { api, session } from './api';
import { boot } from './boot';

/** The client repeats failing calls itself; here a failure is final. */
export function createQueryClient(): QueryClient {
  const q = new QueryClient({
    defaultOptions: { queries: { retry: false, staleTime: 15_000, refetchOnWindowFocus: true } },
  });
  if (boot.me) {
    session.known = true;
    q.setQueryData(keys.me, boot.me);
  }
  if (boot.apps) q.setQueryData(keys.apps, boot.apps);
  if (boot.form) q.setQueryData(keys.form(boot.form.ref), boot.form);
  return q;
}

/** The names under which answers are kept. */
export const keys = {
  me: ['me'] as const,
  apps: ['apps'] as const,
  form: (ref: string) => ['form', ref] as const,
  records: (ref: string, query?: ListQuery) =>
    query ? (['records', ref, query] as const) : (['records', ref] as const),
  record: (ref: string, id: string) => ['record', ref, id] as const,
  case: (ref: string, id: string) => ['case', ref, id] as const,
  history: (ref: string, id: string) => ['history', ref, id] as const,
  tasks: ['tasks'] as const,
  counts: ['counts'] as const,
};

export const useMeQuery = () =>
  useQuery({
    queryKey: keys.me,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const me = await api.me({ signal });
      session.known = true;
      return me;
    },
  });

export const useApps = () =>
  useQuery({ queryKey: keys.apps, staleTime: 300_000, queryFn: ({ signal }) => api.apps({ signal }) });

export const useForm = (ref: string) =>
  useQuery({ queryKey: keys.form(ref), staleTime: 60_000, queryFn: ({ signal }) => api.form(ref, { signal }) });

export const useRecord = (ref: string, id: string) =>
  useQuery({
    queryKey: keys.record(ref, id),
    enabled: id !== '',
    queryFn: ({ signal }) => api.record(ref, id, { signal }),
  });

export const useCase = (ref: string, id: string, has: boolean) =>
  useQuery({ queryKey: keys.case(ref, id), enabled: has, queryFn: ({ signal }) => api.case(ref, id, { signal }) });

export const useHistory = (ref: string, id: string) =>
  useQuery({ queryKey: keys.history(ref, id), queryFn: ({ signal }) => api.history(ref, id, { signal }) });

/** How much waits for the user; asked again every half minute while the page is seen. */
export const useCounts = () =>
  useQuery({ queryKey: keys.counts, refetchInterval: 30_000, queryFn: ({ signal }) => api.taskCounts({ signal }) });

/** Forgets what a write has changed. */
export function useRefresh() {
  const q = useQueryClient();
  return (ref: string, id?: string) => {
    void q.invalidateQueries({ queryKey: keys.records(ref) });
    void q.invalidateQueries({ queryKey: keys.tasks });
    void q.invalidateQueries({ queryKey: keys.counts });
    if (!id) return;
    void q.invalidateQueries({ queryKey: keys.record(ref, id) });
    void q.invalidateQueries({ queryKey: keys.case(ref, id) });
    void q.invalidateQueries({ queryKey: keys.history(ref, id) });
  };
}

/** Whether an error means that nobody is logged in. */
export const isLoggedOut = (error: unknown): boolean => error instanceof ApiError && error.status === 401;
