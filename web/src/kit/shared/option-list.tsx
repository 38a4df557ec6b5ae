import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useT } from '../../texts';
import type { Choice } from '../types';
import { Icon } from './icons';

/** From this many options on, a list can be searched. */
export const searchFrom = 8;

/** A field to search in; its text is kept by the owner. */
export function SearchField(props: { value: string; onChange(v: string): void; label: string; autoFocus?: boolean }) {
  const t = useT();
  return (
    <div className="fw-search">
      <Icon name="search" size={18} />
      <input
        type="search"
        value={props.value}
        aria-label={props.label}
        placeholder={props.label}
        enterKeyHint="search"
        data-autofocus={props.autoFocus ? '' : undefined}
        onChange={(e) => props.onChange(e.target.value)}
      />
      {props.value && (
        <button
          type="button"
          className="fw-search-clear"
          aria-label={t('ui.clearValue')}
          onClick={() => props.onChange('')}
        >
          <Icon name="close" size={16} />
        </button>
      )}
    </div>
  );
}

export interface OptionListProps {
  choices: Choice[];
  chosen: string[];
  multiple?: boolean;
  label: string;
  /** Called with the option touched; the owner decides what becomes chosen. */
  onPick(choice: Choice): void;
  render?(choice: Choice): ReactNode;
  /** Shown below the last option (more pages, waiting). */
  tail?: ReactNode;
  arrow?: boolean;
}

/** A listbox: one stop for Tab, arrows move, Enter or Space picks. */
export function OptionList({ choices, chosen, multiple, label, onPick, render, tail, arrow }: OptionListProps) {
  const t = useT();
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const start = choices.findIndex((c) => chosen.includes(c.value));
  const [at, setAt] = useState(Math.max(0, start));
  const active = Math.min(at, choices.length - 1);
  useEffect(() => {
    list.current?.children[active]?.scrollIntoView?.({ block: 'nearest' });
  }, [active]);
  const onKey = (e: KeyboardEvent) => {
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: choices.length - 1 }[e.key];
    const choice = choices[active];
    if (to !== undefined) setAt(Math.max(0, Math.min(choices.length - 1, to)));
    else if ((e.key === 'Enter' || e.key === ' ') && choice && !choice.disabled) onPick(choice);
    else return;
    e.preventDefault();
  };
  if (!choices.length && !tail) return <p className="fw-list-empty">{t('ui.noMatch')}</p>;
  return (
    <>
      <div
        ref={list}
        role="listbox"
        className="fw-options"
        tabIndex={0}
        aria-label={label}
        aria-multiselectable={multiple}
        aria-activedescendant={choices.length ? `${id}-${active}` : undefined}
        onKeyDown={onKey}
      >
        {choices.map((c, i) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
          // biome-ignore lint/a11y/useFocusableInteractive: the focus stays on the listbox, aria-activedescendant names the option
          <div
            key={c.value}
            id={`${id}-${i}`}
            role="option"
            aria-selected={chosen.includes(c.value)}
            aria-disabled={c.disabled || undefined}
            className={`fw-option ${i === active ? 'fw-option-active' : ''}`}
            onClick={() => {
              setAt(i);
              if (!c.disabled) onPick(c);
            }}
          >
            <span className="fw-option-text">
              {c.color && <i className="fw-option-dot" style={{ background: c.color }} />}
              {render ? render(c) : c.text}
            </span>
            {arrow && c.children?.length ? <Icon name="right" size={16} /> : null}
            {chosen.includes(c.value) && !arrow && <Icon name="check" size={20} className="fw-icon fw-option-check" />}
          </div>
        ))}
      </div>
      {tail}
    </>
  );
}

/** The choices whose text has the words of the query. */
export function searchChoices(choices: Choice[], query: string): Choice[] {
  const words = query.trim().toLowerCase().split(/\s+/);
  return choices.filter((c) => words.every((w) => c.text.toLowerCase().includes(w) || c.value.toLowerCase() === w));
}
