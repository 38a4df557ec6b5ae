import { useEffect, useRef } from 'react';

/**
 * Asks for the titles of ids that nobody has named yet: filled by a relation,
 * or restored from a draft. Each id is asked for once; a failure leaves the id.
 */
export function useMissingTitles(
  ids: string[],
  known: Record<string, string> | undefined,
  load: (ids: string[]) => Promise<Record<string, string>>,
  learn: (titles: Record<string, string>) => void,
) {
  const asked = useRef(new Set<string>());
  const latest = useRef({ load, learn });
  latest.current = { load, learn };
  const missing = ids.filter((id) => !known?.[id]).join('\n');
  useEffect(() => {
    const fresh = missing.split('\n').filter((id) => id && !asked.current.has(id));
    if (!fresh.length) return;
    for (const id of fresh) asked.current.add(id);
    latest.current.load(fresh).then(
      (titles) => latest.current.learn(titles),
      () => undefined,
    );
  }, [missing]);
}
