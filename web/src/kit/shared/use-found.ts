import { useEffect, useRef, useState } from 'react';
import type { Found, FoundPage } from '../types';

/** The state of a search on the server. */
export interface FoundState {
  items: Found[];
  busy: boolean;
  error: unknown;
  more: boolean;
  next(): void;
  retry(): void;
}

type Load = (query: string, cursor: string, signal: AbortSignal) => Promise<FoundPage>;

/** Searches while `open`, a moment after the last keystroke; only the newest answer counts. */
export function useFound(open: boolean, query: string, load: Load): FoundState {
  const [state, setState] = useState({ items: [] as Found[], next: '', busy: false, error: undefined as unknown });
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;
  const running = useRef<AbortController | null>(null);

  const run = async (cursor: string, before: Found[]) => {
    running.current?.abort();
    const stop = new AbortController();
    running.current = stop;
    setState({ items: before, next: '', busy: true, error: undefined });
    try {
      const page = await latest.current(query.trim(), cursor, stop.signal);
      if (stop.signal.aborted) return;
      setState({ items: [...before, ...page.items], next: page.next ?? '', busy: false, error: undefined });
    } catch (error) {
      if (!stop.signal.aborted) setState({ items: before, next: '', busy: false, error });
    }
  };

  // biome-ignore lint/correctness/useExhaustiveDependencies: run is made anew on every render; what it depends on is listed
  useEffect(() => {
    if (!open) return;
    const timer = setTimeout(() => void run('', []), query ? 250 : 0);
    return () => {
      clearTimeout(timer);
      running.current?.abort();
    };
  }, [open, query, round]);

  return {
    items: state.items,
    busy: state.busy,
    error: state.error,
    more: state.next !== '',
    next: () => void (state.next && !state.busy && run(state.next, state.items)),
    retry: () => setRound((n) => n + 1),
  };
}
