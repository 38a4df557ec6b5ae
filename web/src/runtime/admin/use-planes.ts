import { useApps } from '../queries';
import { useMe } from '../session';
import { useA } from './texts';

/** What a member may be made administrator of; what he already is stays offered, whatever it is. */
export function usePlanes(now: string[]) {
  const a = useA();
  const me = useMe();
  const apps = useApps();
  const titles = new Map((apps.data?.items ?? []).map((x) => [x.key, x.title]));
  const offered = ['org', ...[...titles.keys()].flatMap((k) => [`app:${k}`, `data:${k}`])];
  const mine = new Set(me.user.planes ?? []);
  const all = me.user.admin ? offered : offered.filter((p) => mine.has(p));
  const text = (plane: string) => {
    const [kind, app = ''] = plane.split(':');
    const title = titles.get(app) ?? app;
    if (kind === 'app') return a('more.app', { app: title });
    return kind === 'data' ? a('more.data', { app: title }) : a('more.org');
  };
  return [...new Set([...all, ...now])].map((value) => ({ value, text: text(value) }));
}
