import { useEffect, useRef, useState } from 'react';
import type { Api, RecordData } from '../../core/api';
import type { FormState } from '../../core/form';
import { beforeReload } from '../stale';

/** How the draft stands. */
export type DraftState = { kind: 'none' } | { kind: 'saving' } | { kind: 'saved'; at: number } | { kind: 'local' };

interface Local {
  at: number;
  data: RecordData;
}

const pause = 2000;
const nameOf = (user: string, form: string, id: string) => `fw.draft.${user}.${form}.${id}`;

/** Reads what was being filled: from the server, or from this device where that is newer. */
export async function findDraft(api: Api, user: string, form: string, id: string): Promise<RecordData | undefined> {
  const local = readLocal(nameOf(user, form, id));
  try {
    const remote = await api.draft(form, id || undefined);
    if (!remote) return local?.data;
    const at = remote.at ? Date.parse(remote.at) : 0;
    if (local && local.at > at) return local.data;
    return Object.keys(remote.data).length ? remote.data : undefined;
  } catch {
    return local?.data;
  }
}

/** Forgets a draft everywhere. */
export async function dropDraft(api: Api, user: string, form: string, id: string) {
  removeLocal(nameOf(user, form, id));
  await api.deleteDraft(form, id || undefined).catch(() => undefined);
}

/**
 * Keeps what is typed: on this device at once, on the server after a pause.
 * Going away saves what is still open.
 */
export function useAutosave(api: Api, user: string, state: FormState, id: string) {
  const [draft, setDraft] = useState<DraftState>({ kind: 'none' });
  const stopped = useRef(false);
  useEffect(() => {
    stopped.current = false;
    const form = state.form.ref;
    const name = nameOf(user, form, id);
    let timer: ReturnType<typeof setTimeout> | undefined;
    let first = true;
    let open = false;
    const save = async () => {
      clearTimeout(timer);
      if (!open || stopped.current) return;
      open = false;
      setDraft({ kind: 'saving' });
      try {
        await api.saveDraft(form, id || undefined, state.snapshot());
        setDraft({ kind: 'saved', at: Date.now() });
      } catch {
        setDraft({ kind: 'local' });
      }
    };
    const off = state.changes.subscribe(() => {
      // The first call only tells the present state.
      if (first) {
        first = false;
        return;
      }
      if (stopped.current || !state.dirty.peek()) return;
      open = true;
      writeLocal(name, { at: Date.now(), data: state.snapshot() });
      clearTimeout(timer);
      timer = setTimeout(() => void save(), pause);
    });
    const hide = () => {
      if (document.visibilityState === 'hidden') void save();
    };
    document.addEventListener('visibilitychange', hide);
    beforeReload.add(save);
    return () => {
      off();
      void save();
      document.removeEventListener('visibilitychange', hide);
      beforeReload.delete(save);
    };
  }, [api, user, state, id]);
  return {
    draft,
    /** Nothing is to be kept any more: the record was submitted or cleared. */
    stop: () => {
      stopped.current = true;
      setDraft({ kind: 'none' });
    },
  };
}

function readLocal(name: string): Local | undefined {
  try {
    return (JSON.parse(localStorage.getItem(name) ?? 'null') as Local | null) ?? undefined;
  } catch {
    return undefined;
  }
}

function writeLocal(name: string, value: Local) {
  try {
    localStorage.setItem(name, JSON.stringify(value));
  } catch {
    // Full or forbidden: the server's copy remains.
  }
}

function removeLocal(name: string) {
  try {
    localStorage.removeItem(name);
  } catch {
    // Nothing was kept.
  }
}
