import { useCallback, useMemo } from 'react';
import { useLocation, useSearch } from 'wouter';
import type { Json, ListQuery } from '../../core/api';

/** One condition of the simple filter. */
export interface Condition {
  path: string;
  op: 'eq' | 'ne' | 'contains' | 'ge' | 'le' | 'in' | 'blank' | 'notBlank';
  value: Json;
}

/** What the address says about a list. */
export interface ListState {
  view: string;
  q: string;
  sort: string;
  conditions: Condition[];
  columns: string[];
}

/** The list's state lives in the address: it can be shared, kept, and gone back to. */
export function useListState(): [ListState, (part: Partial<ListState>) => void] {
  const search = useSearch();
  const [path, go] = useLocation();
  const state = useMemo(() => readState(search), [search]);
  const set = useCallback(
    (part: Partial<ListState>) => {
      const next = writeState({ ...state, ...part });
      go(next ? `${path}?${next}` : path, { replace: true });
    },
    [state, path, go],
  );
  return [state, set];
}

/** Reads an address; what makes no sense is left out. */
export function readState(search: string): ListState {
  const p = new URLSearchParams(search);
  return {
    view: p.get('view') ?? '',
    q: p.get('q') ?? '',
    sort: p.get('sort') ?? '',
    conditions: readConditions(p.get('where')),
    columns: p.get('cols')?.split(',').filter(Boolean) ?? [],
  };
}

function readConditions(text: string | null): Condition[] {
  if (!text) return [];
  try {
    const list: unknown = JSON.parse(text);
    if (!Array.isArray(list)) return [];
    return list.flatMap((x) =>
      Array.isArray(x) && typeof x[0] === 'string' && typeof x[1] === 'string'
        ? [{ path: x[0], op: x[1] as Condition['op'], value: (x[2] ?? null) as Json }]
        : [],
    );
  } catch {
    return [];
  }
}

/** Writes an address; defaults are left out. */
export function writeState(s: ListState): string {
  const p = new URLSearchParams();
  if (s.view) p.set('view', s.view);
  if (s.q) p.set('q', s.q);
  if (s.sort) p.set('sort', s.sort);
  if (s.conditions.length) p.set('where', JSON.stringify(s.conditions.map((c) => [c.path, c.op, c.value])));
  if (s.columns.length) p.set('cols', s.columns.join(','));
  return p.toString();
}

/** The server's filter of conditions: all must hold. */
export function toFilter(conditions: Condition[]): Json | undefined {
  const list = conditions.flatMap((c) => toNode(c) ?? []);
  return list.length ? { and: list } : undefined;
}

function toNode({ path, op, value }: Condition): Json | undefined {
  // Unset is stored as absent, so "blank" is "equals null".
  if (op === 'blank') return { path, op: 'eq', value: null };
  if (op === 'notBlank') return { path, op: 'ne', value: null };
  const empty = value === null || value === '' || (Array.isArray(value) && !value.length);
  return empty ? undefined : { path, op, value };
}

/** What to ask the server for. */
export function toQuery(s: ListState): ListQuery {
  return {
    view: s.view || undefined,
    q: s.q || undefined,
    sort: s.sort || undefined,
    filter: toFilter(s.conditions),
    limit: 50,
  };
}
