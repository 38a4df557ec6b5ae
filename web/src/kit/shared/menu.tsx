import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { useMode } from '../context';
import type { MenuAction, MenuProps } from '../types';
import { Sheet } from './sheet';

/** A button with further actions: a sheet on a phone, a small menu on a desktop. */
export function Menu(props: MenuProps) {
  const mode = useMode();
  return mode === 'phone' ? <SheetMenu {...props} /> : <DropMenu {...props} />;
}

function SheetMenu({ title, actions, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  return (
    <>
      {children({ onClick: () => setOpen(true), 'aria-haspopup': 'menu', 'aria-expanded': open })}
      <Sheet open={open} title={title} onClose={() => setOpen(false)}>
        <div className="fw-menu-sheet">
          {actions.map((a) => (
            <MenuButton key={a.key} action={a} onDone={() => setOpen(false)} />
          ))}
        </div>
      </Sheet>
    </>
  );
}

function DropMenu({ title, actions, children }: MenuProps) {
  const [open, setOpen] = useState(false);
  const box = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    if (!open) return;
    box.current?.querySelector<HTMLElement>('[role=menuitem]:not([disabled])')?.focus();
    const away = (e: Event) => {
      if (!box.current?.contains(e.target as Node)) setOpen(false);
    };
    document.addEventListener('pointerdown', away);
    return () => document.removeEventListener('pointerdown', away);
  }, [open]);
  const onKey = (e: KeyboardEvent) => {
    if (!open) return;
    if (e.key === 'Escape') {
      e.preventDefault();
      setOpen(false);
      box.current?.querySelector<HTMLElement>('button')?.focus();
    }
    const items = Array.from(box.current?.querySelectorAll<HTMLElement>('[role=menuitem]:not([disabled])') ?? []);
    const at = items.indexOf(document.activeElement as HTMLElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[e.key];
    if (to === undefined || !items.length) return;
    e.preventDefault();
    items[(to + items.length) % items.length]?.focus();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys come from the buttons inside
    <span ref={box} className="fw-drop" onKeyDown={onKey}>
      {children({ onClick: () => setOpen((x) => !x), 'aria-haspopup': 'menu', 'aria-expanded': open })}
      {open && (
        <div className="fw-drop-menu" role="menu" aria-label={title}>
          {actions.map((a) => (
            <MenuButton key={a.key} action={a} itemRole="menuitem" onDone={() => setOpen(false)} />
          ))}
        </div>
      )}
    </span>
  );
}

function MenuButton({ action, itemRole, onDone }: { action: MenuAction; itemRole?: 'menuitem'; onDone(): void }) {
  return (
    <button
      type="button"
      role={itemRole}
      className={`fw-menu-item ${action.danger ? 'fw-danger' : ''}`}
      disabled={action.disabled}
      onClick={() => {
        onDone();
        action.onClick();
      }}
    >
      {action.text}
    </button>
  );
}
