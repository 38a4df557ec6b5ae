import { useQueryClient } from '@tanstack/react-query';
import { useMemo, useRef, useState } from 'react';
import type { BatchItem, Display, TaskItem } from '../../core/api';
import { errorText } from '../../core/i18n';
import { FieldsProvider } from '../../fields/context';
import { Button, Icon, Sheet, textOf } from '../../kit';
import { useT } from '../../texts';
import { Opinion } from '../act/opinion';
import { useActT } from '../act/texts';
import { api } from '../api';
import { more } from '../more';
import { keys } from '../queries';
import { Intent } from '../record/intent';
import { canBatch, kindFor } from './boxes';

/** What the server takes at once. */
const most = 50;

/** Which tasks are chosen, while several are. */
export interface Chosen {
  on: boolean;
  items: TaskItem[];
  all: boolean;
  has(x: TaskItem): boolean;
  toggle(x: TaskItem): void;
  toggleAll(): void;
  toggleMode(): void;
}

/** Keeps the choice; a task that has left the list is no longer chosen. */
export function useChosen(list: TaskItem[]): Chosen {
  const [on, setOn] = useState(false);
  const [ids, setIds] = useState<string[]>([]);
  const items = useMemo(() => list.filter((x) => ids.includes(x.id)), [list, ids]);
  const able = list.filter(canBatch).slice(0, most);
  const all = able.length > 0 && able.every((x) => ids.includes(x.id));
  return {
    on,
    items,
    all,
    has: (x) => ids.includes(x.id),
    toggle: (x) => setIds((l) => (l.includes(x.id) ? l.filter((i) => i !== x.id) : l.length < most ? [...l, x.id] : l)),
    toggleAll: () => setIds(all ? [] : able.map((x) => x.id)),
    toggleMode: () => {
      setIds([]);
      setOn((x) => !x);
    },
  };
}

/** How many are chosen, and what can be done to all of them. */
export function BatchBar({ chosen, display }: { chosen: Chosen; display: Display }) {
  const t = useT();
  const a = useActT();
  const [action, setAction] = useState<'approve' | 'reject' | null>(null);
  const agree = chosen.items.filter((x) => kindFor(x, 'approve'));
  const refuse = chosen.items.filter((x) => kindFor(x, 'reject'));
  return (
    <div className="fw-batch" role="region" aria-label={a('act.batch')}>
      <button type="button" className="fw-link" onClick={chosen.toggleAll}>
        {a(chosen.all ? 'act.batchNone' : 'act.batchAll')}
      </button>
      <span className="fw-muted" role="status">
        {a('act.batchChosen', { n: chosen.items.length })}
      </span>
      <Button kind="danger" disabled={!refuse.length} onClick={() => setAction('reject')}>
        {t('task.reject')}
      </Button>
      <Button kind="primary" disabled={!agree.length} onClick={() => setAction('approve')}>
        {t('task.approve')}
      </Button>
      {action && (
        <BatchSheet
          action={action}
          items={action === 'approve' ? agree : refuse}
          left={chosen.items.length - (action === 'approve' ? agree : refuse).length}
          display={display}
          onClose={(done) => {
            setAction(null);
            if (done) chosen.toggleMode();
          }}
        />
      )}
    </div>
  );
}

interface Outcome extends BatchItem {
  title: string;
}

/** Asks for one opinion for all, then tells what became of each. */
function BatchSheet(props: {
  action: 'approve' | 'reject';
  items: TaskItem[];
  /** Chosen ones that cannot be decided this way. */
  left: number;
  display: Display;
  onClose(done: boolean): void;
}) {
  const t = useT();
  const a = useActT();
  const q = useQueryClient();
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  const [outcome, setOutcome] = useState<Outcome[] | null>(null);
  const intent = useRef(new Intent());
  const needs = props.action === 'reject' && !comment.trim();
  const send = async () => {
    if (busy) return;
    if (needs) return setError(t('ui.needComment'));
    setBusy(true);
    setError('');
    try {
      setOutcome(await decideAll(props.action, props.items, comment.trim(), intent.current));
      await q.invalidateQueries();
    } catch (e) {
      setError(textOf(e));
      void q.invalidateQueries({ queryKey: keys.tasks });
    } finally {
      setBusy(false);
    }
  };
  const name = t(`task.${props.action}`);
  const title = a('act.batchTitle', { action: name, n: props.items.length });
  return (
    <Sheet
      open
      title={outcome ? a('act.batchResult') : title}
      onClose={() => props.onClose(!!outcome)}
      footer={
        outcome ? (
          <Button kind="primary" onClick={() => props.onClose(true)}>
            {t('common.done')}
          </Button>
        ) : (
          <>
            <Button onClick={() => props.onClose(false)}>{t('common.cancel')}</Button>
            <Button kind={props.action === 'reject' ? 'danger' : 'primary'} loading={busy} onClick={() => void send()}>
              {name}
            </Button>
          </>
        )
      }
    >
      {outcome ? (
        <Results outcome={outcome} />
      ) : (
        <FieldsProvider value={{ api, form: { ref: '' }, display: props.display, learn: () => undefined }}>
          <div className="fw-action">
            {props.left > 0 && <p className="fw-action-warn">{a('act.batchMixed', { action: name, n: props.left })}</p>}
            <ul className="fw-batch-names">
              {props.items.map((x) => (
                <li key={x.id}>{x.title}</li>
              ))}
            </ul>
            <Opinion
              id="batch"
              kind={props.action}
              label={t(props.action === 'reject' ? 'ui.commentRequired' : 'ui.commentOptional')}
              value={comment}
              onChange={setComment}
              invalid={!!error && needs}
              required={props.action === 'reject'}
              autoFocus
            />
            <p id="batch-err" className="fw-field-error" role="alert">
              {error}
            </p>
          </div>
        </FieldsProvider>
      )}
    </Sheet>
  );
}

function Results({ outcome }: { outcome: Outcome[] }) {
  const a = useActT();
  const good = outcome.filter((x) => x.ok).length;
  const bad = outcome.length - good;
  return (
    <div className="fw-action">
      <p role="status">
        {a('act.batchOk', { n: good })}
        {bad > 0 && <span className="fw-danger"> · {a('act.batchBad', { n: bad })}</span>}
      </p>
      <ul className="fw-batch-results">
        {[...outcome]
          .sort((x, y) => Number(x.ok) - Number(y.ok))
          .map((x) => (
            <li key={x.id}>
              <Icon
                name={x.ok ? 'check' : 'warn'}
                size={18}
                className={x.ok ? 'fw-icon fw-good' : 'fw-icon fw-danger'}
              />
              <span>
                {x.title}
                <small className={x.ok ? undefined : 'fw-danger'}>
                  {x.ok ? a('act.batchDone') : x.detail || errorText({ code: x.code ?? '' })}
                </small>
              </span>
            </li>
          ))}
      </ul>
    </div>
  );
}

/** Tasks to approve and tasks to complete go in two calls: the server takes one action at a time. */
async function decideAll(
  action: 'approve' | 'reject',
  items: TaskItem[],
  comment: string,
  intent: Intent,
): Promise<Outcome[]> {
  const out: Outcome[] = [];
  for (const kind of ['approve', 'handle', 'reject']) {
    const some = items.filter((x) => kindFor(x, action) === kind);
    if (!some.length) continue;
    const list = some.map(({ id, rev }) => ({ id, rev }));
    const answer = await more.batch(kind, list, comment, intent.keyFor([kind, list, comment]));
    const titles = new Map(some.map((x) => [x.id, x.title]));
    out.push(...answer.items.map((x) => ({ ...x, title: titles.get(x.id) ?? x.id })));
  }
  return out;
}
