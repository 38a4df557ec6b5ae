import { type ReactNode, useEffect, useId, useRef } from 'react';
import { createPortal } from 'react-dom';
import { useT } from '../../texts';
import { useMode } from '../context';
import { IconButton } from './bits';

const focusable =
  'a[href],button:not([disabled]),input:not([disabled]),select:not([disabled]),textarea:not([disabled]),[tabindex]:not([tabindex="-1"])';

export interface SheetProps {
  open: boolean;
  title: ReactNode;
  onClose(): void;
  children: ReactNode;
  footer?: ReactNode;
  /** drawer: from the right on a desktop. On a phone every sheet comes from below; full covers the page. */
  kind?: 'dialog' | 'drawer';
  full?: boolean;
  wide?: boolean;
}

/** A modal layer: keeps the focus inside, closes on Escape, gives the focus back. */
export function Sheet(props: SheetProps) {
  if (!props.open) return null;
  return createPortal(<SheetBody {...props} />, document.body);
}

function SheetBody({ title, onClose, children, footer, kind = 'dialog', full, wide }: SheetProps) {
  const t = useT();
  const mode = useMode();
  const titleId = useId();
  const box = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useFocusTrap(box, () => close.current());
  const shape = `fw-sheet-${mode} fw-sheet-${kind} ${full ? 'fw-sheet-full' : ''} ${wide ? 'fw-sheet-wide' : ''}`;
  return (
    <div className={`fw-layer fw-${mode}`}>
      <div className="fw-mask" onClick={onClose} aria-hidden="true" />
      <div
        ref={box}
        className={`fw-sheet ${shape}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby={titleId}
        tabIndex={-1}
      >
        <div className="fw-sheet-head">
          <h2 id={titleId} className="fw-sheet-title">
            {title}
          </h2>
          <IconButton icon="close" name={t('common.close')} onClick={onClose} />
        </div>
        <div className="fw-sheet-body">{children}</div>
        {footer && <div className="fw-sheet-foot">{footer}</div>}
      </div>
    </div>
  );
}

/** Layers that are open, the last on top: only that one reacts to keys. */
const stack: HTMLElement[] = [];

function useFocusTrap(ref: React.RefObject<HTMLElement | null>, onEscape: () => void) {
  const onEsc = useRef(onEscape);
  onEsc.current = onEscape;
  useEffect(() => {
    const el = ref.current;
    if (!el) return;
    const before = document.activeElement as HTMLElement | null;
    stack.push(el);
    const first = el.querySelector<HTMLElement>('[data-autofocus]');
    (first ?? el).focus({ preventScroll: true });
    const onKey = (e: KeyboardEvent) => {
      if (stack[stack.length - 1] !== el) return;
      if (e.key === 'Escape' && !e.defaultPrevented) {
        e.preventDefault();
        onEsc.current();
      } else if (e.key === 'Tab') keepInside(el, e);
    };
    document.addEventListener('keydown', onKey);
    document.body.classList.add('fw-no-scroll');
    return () => {
      document.removeEventListener('keydown', onKey);
      stack.splice(stack.indexOf(el), 1);
      if (!stack.length) document.body.classList.remove('fw-no-scroll');
      if (before?.isConnected) before.focus({ preventScroll: true });
    };
  }, [ref]);
}

function keepInside(el: HTMLElement, e: KeyboardEvent) {
  const all = Array.from(el.querySelectorAll<HTMLElement>(focusable)).filter((x) => x.offsetParent !== null);
  const first = all[0];
  const last = all[all.length - 1];
  if (!first || !last) return e.preventDefault();
  const at = document.activeElement;
  if (e.shiftKey && (at === first || at === el)) {
    e.preventDefault();
    last.focus();
  } else if (!e.shiftKey && at === last) {
    e.preventDefault();
    first.focus();
  }
}
