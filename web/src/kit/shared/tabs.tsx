import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef } from 'react';
import { Badge } from './bits';

export interface TabItem {
  key: string;
  title: string;
  count?: number;
  /** Something on this tab is wrong. */
  invalid?: boolean;
}

/** A row of tabs with its panel; arrows, Home and End move between tabs. */
export function Tabs(props: {
  items: TabItem[];
  active: string;
  onChange(key: string): void;
  label: string;
  children?: ReactNode;
  fill?: boolean;
}) {
  const { items, active, onChange } = props;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  // A row that is wider than the screen shows the tab that is open; the page itself stays where it is.
  useEffect(() => {
    const row = list.current;
    const tab = document.getElementById(`${id}-${active}`);
    if (row && tab) row.scrollLeft = tab.offsetLeft - (row.clientWidth - tab.offsetWidth) / 2;
  }, [id, active]);
  const onKey = (e: KeyboardEvent) => {
    const at = items.findIndex((x) => x.key === active);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: items.length - 1 }[e.key];
    if (to === undefined) return;
    const next = items[(to + items.length) % items.length];
    if (!next) return;
    e.preventDefault();
    onChange(next.key);
    document.getElementById(`${id}-${next.key}`)?.focus();
  };
  return (
    <div className={`fw-tabs ${props.fill ? 'fw-tabs-fill' : ''}`}>
      <div ref={list} className="fw-tablist" role="tablist" aria-label={props.label} onKeyDown={onKey}>
        {items.map((x) => (
          <button
            key={x.key}
            id={`${id}-${x.key}`}
            type="button"
            role="tab"
            className="fw-tab"
            aria-selected={x.key === active}
            aria-controls={props.children ? `${id}-panel` : undefined}
            tabIndex={x.key === active ? 0 : -1}
            onClick={() => onChange(x.key)}
          >
            {x.title}
            <Badge count={x.count} />
            {x.invalid && <span className="fw-dot" />}
          </button>
        ))}
      </div>
      {props.children && (
        <div id={`${id}-panel`} role="tabpanel" aria-labelledby={`${id}-${active}`} className="fw-tabpanel">
          {props.children}
        </div>
      )}
    </div>
  );
}
