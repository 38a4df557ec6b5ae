import './act.css';
import { useState } from 'react';
import { useFields } from '../../fields/context';
import { Icon, Sheet, TextArea } from '../../kit';
import { FoundSheet } from '../../kit/shared/found-sheet';
import { useT } from '../../texts';
import { loadUsers } from './people';
import { PhrasesEditor, usePhrases } from './phrases';
import { typedAt } from './plan';
import { useActT } from './texts';

/** Texts that fit an action when nobody keeps phrases of his own. */
const usual = {
  approve: ['task.phraseAgree', 'task.phraseOk'],
  reject: ['task.phraseNo', 'task.phraseFix'],
  return: ['task.phraseFix', 'task.phraseCheck'],
} as const;

/** How many phrases are shown beside the box; the rest is a touch away. */
const shown = 6;

export interface OpinionProps {
  id: string;
  kind: string;
  label: string;
  value: string;
  onChange(text: string): void;
  /** Names people; absent where nobody can be mentioned. */
  onMention?(id: string, name: string): void;
  invalid: boolean;
  autoFocus: boolean;
  required: boolean;
}

/** The words of an opinion: typed, put in from phrases, naming people with @. */
export function Opinion(props: OpinionProps) {
  const t = useT();
  const a = useActT();
  const { id, value, onChange, onMention } = props;
  const { learn } = useFields();
  /** Where the name goes: after a typed "@", else at the end. */
  const [at, setAt] = useState<number | null>(null);
  const [editing, setEditing] = useState(false);
  const change = (text: string) => {
    const place = onMention ? typedAt(value, text) : -1;
    onChange(text);
    if (place >= 0) setAt(place);
  };
  const name = (user: string, title: string) => {
    const place = at ?? value.length;
    const head = value.slice(0, place);
    const tail = value.slice(value[place] === '@' ? place + 1 : place);
    const gap = head && !/\s$/.test(head) ? ' ' : '';
    onChange(`${head}${gap}@${title} ${tail}`);
    learn({ users: { [user]: title } });
    onMention?.(user, title);
    setAt(null);
  };
  const insert = (phrase: string) => onChange(value.trim() ? `${value.trim()}，${phrase}` : phrase);
  return (
    <div className="fw-action-part">
      <label htmlFor={`${id}-comment`} id={`${id}-cl`}>
        {props.label}
      </label>
      <div className="fw-action-input" data-invalid={props.invalid || undefined}>
        <TextArea
          id={`${id}-comment`}
          value={value}
          onChange={change}
          rows={3}
          maxLength={2000}
          autoFocus={props.autoFocus}
          required={props.required}
          placeholder={t('task.opinionPlaceholder')}
          invalid={props.invalid}
          describedBy={`${id}-err`}
        />
      </div>
      <div className="fw-phrases">
        <PhraseChips kind={props.kind} onPick={insert} />
        <button type="button" className="fw-phrase-tool" onClick={() => setEditing(true)}>
          <Icon name="edit" size={14} />
          {a('act.phrases')}
        </button>
        {onMention && (
          <button type="button" className="fw-phrase-tool" onClick={() => setAt(value.length)}>
            @ {a('act.mention')}
          </button>
        )}
      </div>
      {at !== null && (
        <FoundSheet
          title={a('act.mentionTitle')}
          load={loadUsers}
          onPick={(f) => name(f.value, f.text)}
          onClose={() => setAt(null)}
        />
      )}
      {editing && (
        <Sheet open title={a('act.phrasesMine')} onClose={() => setEditing(false)}>
          <div className="fw-action">
            <PhrasesEditor />
          </div>
        </Sheet>
      )}
    </div>
  );
}

/** A touch puts the phrase into the box. */
function PhraseChips({ kind, onPick }: { kind: string; onPick(text: string): void }) {
  const t = useT();
  const phrases = usePhrases();
  const fit = (usual[kind as keyof typeof usual] ?? []).map((k) => t(k));
  const own = phrases.data?.items ?? [];
  const all = [...new Set([...own, ...fit, ...(phrases.data?.common ?? [])])].slice(0, shown);
  return all.map((p) => (
    <button key={p} type="button" title={p} onClick={() => onPick(p)}>
      {p}
    </button>
  ));
}
