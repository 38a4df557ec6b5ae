import './act.css';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { Phrases } from '../../core/api';
import { Button, Empty, ErrorState, IconButton, Skeleton, TextInput, textOf, toast } from '../../kit';
import { useT } from '../../texts';
import { more } from '../more';
import { useActT } from './texts';

const key = ['phrases'];
/** What the server keeps at most. */
const most = 50;
const longest = 200;

/** What the user and the organisation often write. */
export const usePhrases = () =>
  useQuery({ queryKey: key, staleTime: 300_000, queryFn: ({ signal }) => more.phrases({ signal }) });

/** Keeps the user's own phrases. */
export function useSavePhrases() {
  const q = useQueryClient();
  return useMutation({
    mutationFn: (items: string[]) => more.savePhrases(items),
    onSuccess: (saved: Phrases) => q.setQueryData(key, saved),
    onError: (e) => toast(textOf(e), 'error'),
  });
}

/** The user's own phrases: add, remove, put in order. */
export function PhrasesEditor() {
  const t = useT();
  const a = useActT();
  const phrases = usePhrases();
  const save = useSavePhrases();
  const [text, setText] = useState('');
  if (phrases.error) return <ErrorState error={phrases.error} onRetry={() => void phrases.refetch()} />;
  if (!phrases.data) return <Skeleton rows={3} />;
  const items = phrases.data.items;
  const add = () => {
    const phrase = text.trim();
    if (!phrase) return;
    if (items.includes(phrase)) return toast(a('act.phraseDouble'), 'error');
    if (items.length >= most) return toast(a('act.phraseFull'), 'error');
    save.mutate([...items, phrase], { onSuccess: () => setText('') });
  };
  const move = (i: number, to: number) => {
    const next = [...items];
    const [one] = next.splice(i, 1);
    next.splice(to, 0, one as string);
    save.mutate(next);
  };
  return (
    <div className="fw-phrase-editor">
      <form
        className="fw-phrase-new"
        onSubmit={(e) => {
          e.preventDefault();
          add();
        }}
      >
        <span className="fw-action-input">
          <TextInput
            value={text}
            onChange={setText}
            label={a('act.phraseNew')}
            placeholder={a('act.phraseNew')}
            maxLength={longest}
          />
        </span>
        <Button type="submit" kind="primary" disabled={!text.trim()} loading={save.isPending}>
          {a('act.phraseAdd')}
        </Button>
      </form>
      {items.length === 0 ? (
        <Empty icon="edit" text={a('act.phrasesNone')} note={a('act.phrasesNoneNote')} />
      ) : (
        <ul className="fw-card fw-phrase-list">
          {items.map((p, i) => (
            <li key={p}>
              <span>{p}</span>
              <IconButton
                icon="up"
                size={16}
                disabled={i === 0 || save.isPending}
                name={`${t('form.moveUp')} ${p}`}
                onClick={() => move(i, i - 1)}
              />
              <IconButton
                icon="trash"
                size={18}
                disabled={save.isPending}
                name={a('act.phraseRemove', { text: p })}
                onClick={() => save.mutate(items.filter((x) => x !== p))}
              />
            </li>
          ))}
        </ul>
      )}
      {!!phrases.data.common?.length && (
        <>
          <h2 className="fw-phrase-head">{a('act.phrasesCommon')}</h2>
          <ul className="fw-card fw-phrase-list">
            {phrases.data.common.map((p) => (
              <li key={p}>
                <span>{p}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
