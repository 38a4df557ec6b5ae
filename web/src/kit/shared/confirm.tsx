import { signal } from '@preact/signals-core';
import { useEffect, useState } from 'react';
import { useT } from '../../texts';
import { Button } from '../context';
import { Sheet } from './sheet';

interface Question {
  title: string;
  text?: string;
  ok?: string;
  danger?: boolean;
  answer(yes: boolean): void;
}

const asked = signal<Question | null>(null);

/** Asks a yes-no question; closing it in any way is a no. */
export function confirm(q: Omit<Question, 'answer'>): Promise<boolean> {
  asked.value?.answer(false);
  return new Promise((answer) => {
    asked.value = { ...q, answer };
  });
}

/** The place where questions appear; once per page, inside the surface. */
export function ConfirmHost() {
  const t = useT();
  const [q, setQ] = useState<Question | null>(null);
  useEffect(() => asked.subscribe(setQ), []);
  if (!q) return null;
  const end = (yes: boolean) => {
    asked.value = null;
    q.answer(yes);
  };
  return (
    <Sheet
      open
      title={q.title}
      onClose={() => end(false)}
      footer={
        <>
          <Button onClick={() => end(false)}>{t('common.cancel')}</Button>
          <Button kind={q.danger ? 'danger' : 'primary'} onClick={() => end(true)}>
            {q.ok ?? t('common.ok')}
          </Button>
        </>
      }
    >
      {q.text && <p className="fw-confirm-text">{q.text}</p>}
    </Sheet>
  );
}
