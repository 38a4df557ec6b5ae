import { useRef } from 'react';
import type { Json, RelationOption } from '../../core/api';
import { RemoteSelect } from '../../kit';
import { type EditProps, useFields } from '../context';
import { useMissingTitles } from '../titles';
import { asList } from '../view';

/** relation: records of another form; choosing one fills what the field says. */
export default function RelationEdit({ field, value, onChange, onFill, path, ...rest }: EditProps) {
  const { api, form, display, learn, data } = useFields();
  const options = useRef(new Map<string, RelationOption>());
  const name = path.replace(/^\//, '').replace(/\/\d+\//g, '.');
  const target = field.relation?.form ?? '';
  useMissingTitles(
    asList(value),
    display.records,
    async (ids) => {
      const found = await Promise.all(ids.map((id) => api.record(target, id).catch(() => undefined)));
      return Object.fromEntries(found.flatMap((r) => (r ? [[r.id, r.title]] : [])));
    },
    (records) => learn({ records }),
  );
  const load = async (q: string, cursor: string, signal: AbortSignal) => {
    const page = await api.options(form.ref, name, { q, cursor: cursor || undefined, data: data?.() }, { signal });
    for (const o of page.items) options.current.set(o.id, o);
    return {
      items: page.items.map((o) => ({ value: o.id, text: o.title, note: note(o.display) })),
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
      titleOf={(id) => display.records?.[id] ?? id}
      load={load}
      onChange={(ids, picked) => {
        learn({ records: Object.fromEntries(picked.map((p) => [p.value, p.text])) });
        onChange(field.multiple ? (ids.length ? ids : undefined) : ids[0]);
        const fill = !field.multiple && ids[0] ? options.current.get(ids[0])?.fill : undefined;
        if (fill && Object.keys(fill).length) onFill?.(fill);
      }}
    />
  );
}

/** The further columns of an option in one line. */
function note(display: Record<string, Json> | undefined): string | undefined {
  const parts = Object.values(display ?? {}).filter((v) => typeof v === 'string' && v !== '');
  return parts.length ? parts.join(' · ') : undefined;
}
