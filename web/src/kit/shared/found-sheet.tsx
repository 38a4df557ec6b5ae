import { useState } from 'react';
import { useT } from '../../texts';
import type { Found, FoundPage } from '../types';
import { Avatar, Spinner } from './bits';
import { OptionList, SearchField } from './option-list';
import { Sheet } from './sheet';
import { textOf } from './states';
import { useFound } from './use-found';

/** A sheet to find one thing in; picking it closes the sheet. The same on both surfaces. */
export function FoundSheet(props: {
  title: string;
  load(query: string, cursor: string, signal: AbortSignal): Promise<FoundPage>;
  onPick(found: Found): void;
  onClose(): void;
}) {
  const t = useT();
  const [query, setQuery] = useState('');
  const found = useFound(true, query, props.load);
  const note = found.busy ? <Spinner size={20} /> : found.error ? textOf(found.error) : t('ui.noMatch');
  return (
    <Sheet open title={props.title} onClose={props.onClose}>
      <SearchField value={query} onChange={setQuery} label={t('ui.searchHere', { title: '' })} autoFocus />
      <div className="fw-sheet-min fw-found-list">
        <OptionList
          choices={found.items}
          chosen={[]}
          label={props.title}
          render={(c) => (
            <span className="fw-found">
              <Avatar name={c.text} size={32} />
              <span>
                {c.text}
                {(c as Found).note && <small>{(c as Found).note}</small>}
              </span>
            </span>
          )}
          tail={
            found.more ? (
              <button type="button" className="fw-load-more" onClick={found.next}>
                {t('common.loadMore')}
              </button>
            ) : found.items.length === 0 ? (
              <p className="fw-list-empty">{note}</p>
            ) : null
          }
          onPick={(c) => props.onPick(c as Found)}
        />
      </div>
    </Sheet>
  );
}
