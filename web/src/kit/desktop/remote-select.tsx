import { Select } from 'antd';
import { useRef, useState } from 'react';
import { useT } from '../../texts';
import { Avatar, Spinner } from '../shared/bits';
import { textOf } from '../shared/states';
import { useFound } from '../shared/use-found';
import type { Found, RemoteSelectProps } from '../types';

/** A drop-down that searches on the server and loads more while it is scrolled. */
export function RemoteSelect(props: RemoteSelectProps) {
  const t = useT();
  const { value, onChange, multiple, titleOf, load, avatar, ...rest } = props;
  const [open, setOpen] = useState(false);
  const [query, setQuery] = useState('');
  const known = useRef(new Map<string, Found>());
  const found = useFound(open, query, load);
  for (const x of found.items) known.current.set(x.value, x);
  const chosen = value.map((id) => ({ value: id, label: titleOf(id) }));
  const change = (v: unknown) => {
    const list = (Array.isArray(v) ? v : v ? [v] : []) as { value: string }[];
    onChange(
      list.map((x) => x.value),
      list.flatMap((x) => known.current.get(x.value) ?? []),
    );
  };
  return (
    <Select
      id={rest.id}
      className="fw-full"
      aria-labelledby={rest.labelId}
      aria-label={rest.labelId ? undefined : rest.label}
      aria-describedby={rest.describedBy}
      aria-invalid={rest.invalid || undefined}
      status={rest.invalid ? 'error' : undefined}
      mode={multiple ? 'multiple' : undefined}
      labelInValue
      value={multiple ? chosen : chosen[0]}
      disabled={rest.disabled}
      placeholder={rest.placeholder || t('common.select')}
      allowClear={!rest.required}
      popupMatchSelectWidth={false}
      styles={{ popup: { root: { minWidth: 240, maxWidth: 420 } } }}
      open={open}
      onOpenChange={setOpen}
      showSearch={{ filterOption: false, onSearch: setQuery, searchValue: query }}
      options={found.items.map((x) => ({ value: x.value, label: x.text, note: x.note }))}
      optionRender={(o) => (
        <span className="fw-found">
          {avatar && <Avatar name={String(o.label)} size={26} />}
          <span>
            {o.label}
            {o.data.note && <small>{o.data.note}</small>}
          </span>
        </span>
      )}
      notFoundContent={
        found.busy ? (
          <span className="fw-list-empty">
            <Spinner size={18} />
          </span>
        ) : (
          <span className="fw-list-empty">{found.error ? textOf(found.error) : t('ui.noMatch')}</span>
        )
      }
      onPopupScroll={(e) => {
        const el = e.currentTarget;
        if (el.scrollHeight - el.scrollTop - el.clientHeight < 80) found.next();
      }}
      onChange={change}
      onBlur={rest.onBlur}
    />
  );
}
