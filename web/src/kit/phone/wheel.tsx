import './wheel.css';
import { type KeyboardEvent, useEffect, useId, useRef } from 'react';

export interface WheelProps {
  label: string;
  items: { value: string; text: string }[];
  value: string;
  onChange(value: string): void;
}

/** Height of a line in CSS pixels, as in wheel.css. */
const line = 44;

/**
 * One wheel: a list that snaps to its middle line. The browser does the
 * scrolling; arrows, Home and End move it too.
 */
export function Wheel({ label, items, value, onChange }: WheelProps) {
  const id = useId();
  const box = useRef<HTMLDivElement>(null);
  const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
  const at = Math.max(
    0,
    items.findIndex((x) => x.value === value),
  );
  useEffect(() => {
    const el = box.current;
    if (el && Math.round(el.scrollTop / line) !== at) el.scrollTop = at * line;
  }, [at]);
  useEffect(() => () => clearTimeout(settle.current), []);
  const pick = (i: number) => {
    const item = items[Math.max(0, Math.min(items.length - 1, i))];
    if (item && item.value !== value) onChange(item.value);
  };
  const onKey = (e: KeyboardEvent) => {
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[e.key];
    if (to === undefined) return;
    e.preventDefault();
    pick(to);
  };
  return (
    <div
      ref={box}
      role="listbox"
      tabIndex={0}
      className="fw-wheel"
      aria-label={label}
      aria-activedescendant={`${id}-${at}`}
      onKeyDown={onKey}
      onScroll={(e) => {
        const { scrollTop } = e.currentTarget;
        clearTimeout(settle.current);
        settle.current = setTimeout(() => pick(Math.round(scrollTop / line)), 90);
      }}
    >
      {items.map((x, i) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the listbox around it has the keys
        <div
          key={x.value}
          id={`${id}-${i}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === at}
          className="fw-wheel-item"
          onClick={() => pick(i)}
        >
          {x.text}
        </div>
      ))}
    </div>
  );
}
