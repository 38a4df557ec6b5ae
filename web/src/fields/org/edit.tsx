import type { OrgKind } from '../../core/api';
import { type Found, RemoteSelect } from '../../kit';
import { type EditProps, useFields } from '../context';
import { useMissingTitles } from '../titles';
import { asList } from '../view';
import { recall, remember } from './recent';

const kinds: Record<string, { kind: OrgKind; titles: 'users' | 'depts' | 'roles' }> = {
  member: { kind: 'users', titles: 'users' },
  department: { kind: 'depts', titles: 'depts' },
  role: { kind: 'roles', titles: 'roles' },
};

/** member, department, role: one or several, found by search. */
export default function OrgEdit({ field, value, onChange, ...rest }: EditProps) {
  const { kind, titles } = kinds[field.type] ?? { kind: 'users' as const, titles: 'users' as const };
  const { api, display, learn } = useFields();
  useMissingTitles(
    asList(value),
    display[titles],
    async (ids) => Object.fromEntries((await api.org(kind, { ids })).items.map((x) => [x.id, x.name])),
    (more) => learn({ [titles]: more }),
  );
  const load = async (q: string, cursor: string, signal: AbortSignal) => {
    const page = await api.org(kind, { q, cursor: cursor || undefined }, { signal });
    return {
      items: page.items.map((x): Found => ({ value: x.id, text: x.name, note: x.dept })),
      next: page.next_cursor,
    };
  };
  return (
    <RemoteSelect
      {...rest}
      label={field.title}
      placeholder={field.placeholder}
      multiple={field.multiple}
      value={asList(value)}
      titleOf={(id) => display[titles]?.[id] ?? id}
      load={load}
      avatar={kind === 'users'}
      recent={recall(kind)}
      onChange={(ids, picked) => {
        learn({ [titles]: Object.fromEntries(picked.map((p) => [p.value, p.text])) });
        remember(kind, picked);
        onChange(field.multiple ? (ids.length ? ids : undefined) : ids[0]);
      }}
    />
  );
}
