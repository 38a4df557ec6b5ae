import { type ReactNode, useEffect, useState } from 'react';
import { Icon, type IconName } from './icons';

/** What a state means; each has a word beside the colour. */
export type Tone = 'neutral' | 'brand' | 'success' | 'danger' | 'warning';

export function Tag({ tone = 'neutral', children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`fw-tag fw-tag-${tone}`}>{children}</span>;
}

/** A count on a tab or menu entry; nothing for 0. */
export function Badge({ count, label }: { count?: number; label?: string }) {
  if (!count) return null;
  return (
    <span className="fw-badge">
      <span aria-hidden="true">{count > 99 ? '99+' : count}</span>
      {label && <span className="fw-sr">{label}</span>}
    </span>
  );
}

const hues = [211, 262, 172, 24, 340, 140];

/** The last two characters of a Chinese name, the initials of a Latin one. */
export function Avatar({ name, size = 36 }: { name: string; size?: number }) {
  const latin = /^[\x20-\x7f]+$/.test(name);
  const text = latin
    ? name
        .split(/\s+/)
        .map((w) => w[0])
        .join('')
        .slice(0, 2)
        .toUpperCase()
    : Array.from(name)
        .slice(size < 28 ? -1 : -2)
        .join('');
  let sum = 0;
  for (const c of name) sum += c.codePointAt(0) ?? 0;
  const background = `hsl(${hues[sum % hues.length]} 45% 32%)`;
  return (
    <span
      className="fw-avatar"
      style={{ width: size, height: size, fontSize: size < 28 ? size * 0.55 : size * 0.36, background }}
      aria-hidden="true"
    >
      {text}
    </span>
  );
}

export function Spinner({ size = 16 }: { size?: number }) {
  return <span className="fw-spinner" style={{ width: size, height: size }} aria-hidden="true" />;
}

/** One line of a list: a link, a button, or plain text. */
export function Cell(props: {
  title: ReactNode;
  note?: ReactNode;
  extra?: ReactNode;
  icon?: ReactNode;
  arrow?: boolean;
  onClick?(): void;
}) {
  const inner = (
    <>
      {props.icon && <span className="fw-cell-icon">{props.icon}</span>}
      <span className="fw-cell-main">
        <span className="fw-cell-title">{props.title}</span>
        {props.note && <span className="fw-cell-note">{props.note}</span>}
      </span>
      {props.extra && <span className="fw-cell-extra">{props.extra}</span>}
      {props.arrow && <Icon name="right" size={16} className="fw-icon fw-cell-arrow" />}
    </>
  );
  if (!props.onClick) return <div className="fw-cell">{inner}</div>;
  return (
    <button type="button" className="fw-cell fw-cell-button" onClick={props.onClick}>
      {inner}
    </button>
  );
}

/** The bar on top of a phone page. */
export function NavBar({
  title,
  onBack,
  backName,
  right,
}: {
  title: ReactNode;
  onBack?(): void;
  backName?: string;
  right?: ReactNode;
}) {
  return (
    <header className="fw-navbar">
      <div className="fw-navbar-side">
        {onBack && <IconButton icon="back" name={backName ?? ''} onClick={onBack} />}
      </div>
      <h1 className="fw-navbar-title">{title}</h1>
      <div className="fw-navbar-side fw-navbar-right">{right}</div>
    </header>
  );
}

/** A square button of an icon alone; the name is read aloud and shown as a tip. */
export function IconButton(props: {
  icon: IconName;
  name: string;
  onClick?(): void;
  disabled?: boolean;
  expanded?: boolean;
  size?: number;
  className?: string;
}) {
  return (
    <button
      type="button"
      className={`fw-icon-button ${props.className ?? ''}`}
      aria-label={props.name}
      aria-expanded={props.expanded}
      title={props.name}
      disabled={props.disabled}
      onClick={props.onClick}
    >
      <Icon name={props.icon} size={props.size ?? 20} />
    </button>
  );
}

/** Shows its children only when the wait has been long enough to be felt. */
export function Delayed({ ms = 300, children }: { ms?: number; children: ReactNode }) {
  const [show, setShow] = useState(ms === 0);
  useEffect(() => {
    const timer = setTimeout(() => setShow(true), ms);
    return () => clearTimeout(timer);
  }, [ms]);
  return show ? children : null;
}

/** The mark of the product. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg viewBox="0 0 32 32" width={size} height={size} aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#0068D6" />
      <path d="M9 8h14v4H13v3h8v4h-8v5H9z" fill="#fff" />
    </svg>
  );
}
