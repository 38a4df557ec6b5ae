import { signal } from '@preact/signals-core';
import { useEffect, useState } from 'react';
import { Icon } from './icons';

/** What a message tells. */
export type ToastKind = 'info' | 'success' | 'error';

interface Message {
  id: number;
  text: string;
  kind: ToastKind;
}

const current = signal<Message | null>(null);
let count = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Shows a short message; the last one wins. It is read out by screen readers. */
export function toast(text: string, kind: ToastKind = 'info') {
  count++;
  current.value = { id: count, text, kind };
  clearTimeout(timer);
  // Long enough to read: a base and some time per character.
  timer = setTimeout(
    () => {
      current.value = null;
    },
    1800 + text.length * 60,
  );
}

/** The place where messages appear; once per page. */
export function ToastHost() {
  const [message, setMessage] = useState<Message | null>(null);
  useEffect(() => current.subscribe(setMessage), []);
  return (
    <div className="fw-toast-host" role="status" aria-live="polite">
      {message && (
        <div key={message.id} className={`fw-toast fw-toast-${message.kind}`}>
          {message.kind !== 'info' && <Icon name={message.kind === 'success' ? 'check' : 'warn'} size={18} />}
          <span>{message.text}</span>
        </div>
      )}
    </div>
  );
}
