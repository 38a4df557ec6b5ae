import { useRef, useState } from 'react';
import { useT } from '../../texts';
import { Button } from '../context';
import { Avatar, Spinner } from '../shared/bits';
import { OptionList, SearchField } from '../shared/option-list';
import { Sheet } from '../shared/sheet';
import { textOf } from '../shared/states';
import { type FoundState, useFound } from '../shared/use-found';
import type { Found, RemoteSelectProps } from '../types';
import { toggle } from './select';
import { Trigger } from './trigger';

/** A sheet to search in; one pick closes it, several are confirmed. */
export default function RemoteSelect(props: RemoteSelectProps) {
  const t = useT();
  const { value, onChange, multiple, titleOf, load, recent, avatar, ...rest } = props;
  const [draft, setDraft] = useState<string[] | null>(null);
  const [query, setQuery] = useState('');
  const known = useRef(new Map<string, Found>());
  const found = useFound(draft !== null, query, load);
  for (const x of found.items) known.current.set(x.value, x);

  const close = () => {
    setDraft(null);
    setQuery('');
    rest.onBlur?.();
  };
  const finish = (ids: string[]) => {
    onChange(
      ids,
      ids.flatMap((id) => known.current.get(id) ?? recent?.find((r) => r.value === id) ?? []),
    );
    close();
  };
  const items = query ? found.items : merge(recent ?? [], found.items);

  return (
    <>
      <Trigger
        {...rest}
        text={value.map(titleOf).join('、')}
        open={draft !== null}
        onClick={() => setDraft(value)}
        onClear={rest.required ? undefined : () => onChange([], [])}
      />
      <Sheet
        open={draft !== null}
        title={rest.label || t('common.select')}
        onClose={close}
        footer={
          multiple && (
            <>
              <Button onClick={() => setDraft([])}>{t('ui.clearValue')}</Button>
              <Button kind="primary" onClick={() => finish(draft ?? [])}>
                {draft?.length ? `${t('common.ok')} (${draft.length})` : t('common.ok')}
              </Button>
            </>
          )
        }
      >
        <SearchField value={query} onChange={setQuery} label={t('ui.searchHere', { title: rest.label ?? '' })} />
        <div className="fw-sheet-min">
          <OptionList
            choices={items}
            chosen={draft ?? []}
            multiple={multiple}
            label={rest.label ?? ''}
            render={(c) => <FoundLine found={c as Found} avatar={avatar} />}
            tail={<Tail found={found} empty={items.length === 0} />}
            onPick={(c) => (multiple ? setDraft((d) => toggle(d ?? [], c.value)) : finish([c.value]))}
          />
        </div>
      </Sheet>
    </>
  );
}

/** The lists joined, each thing once. */
function merge(first: Found[], second: Found[]): Found[] {
  const seen = new Set(first.map((x) => x.value));
  return [...first, ...second.filter((x) => !seen.has(x.value))];
}

export function FoundLine({ found, avatar }: { found: Found; avatar?: boolean }) {
  return (
    <span className="fw-found">
      {avatar && <Avatar name={found.text} size={32} />}
      <span>
        {found.text}
        {found.note && <small>{found.note}</small>}
      </span>
    </span>
  );
}

function Tail({ found, empty }: { found: FoundState; empty: boolean }) {
  const t = useT();
  if (found.busy)
    return (
      <div className="fw-list-empty">
        <Spinner size={20} />
      </div>
    );
  if (found.error)
    return (
      <div className="fw-list-empty" role="alert">
        {textOf(found.error)}{' '}
        <button type="button" className="fw-link" onClick={found.retry}>
          {t('common.retry')}
        </button>
      </div>
    );
  if (found.more)
    return (
      <button type="button" className="fw-load-more" onClick={found.next}>
        {t('common.loadMore')}
      </button>
    );
  return empty ? <p className="fw-list-empty">{t('ui.noMatch')}</p> : null;
}
