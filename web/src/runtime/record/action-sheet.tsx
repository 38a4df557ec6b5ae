import { useEffect, useId, useMemo, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import {
  ApiError,
  type CaseAction,
  type CaseView,
  type CompiledForm,
  type Display,
  type RecordData,
  type RecordView,
  type TaskAction,
  type TaskItem,
} from '../../core/api';
import { createForm, isEmptyPatch } from '../../core/form';
import { FieldsProvider } from '../../fields/context';
import { FieldEdit } from '../../fields/edit';
import { Button, RadioGroup, Sheet, TextArea, textOf, toast, useMode } from '../../kit';
import { FormRenderer } from '../../render/form';
import { focusPlace, newReveal } from '../../render/form-context';
import { useLibrary } from '../../render/use-library';
import { useT } from '../../texts';
import { api } from '../api';
import { useRefresh } from '../queries';
import { formulaUser, useMe } from '../session';
import { actionName } from './action-bar';
import { Intent } from './intent';

const doneTexts = {
  approve: 'ui.approved',
  reject: 'ui.rejected',
  return: 'ui.returned',
  transfer: 'ui.transferred',
  handle: 'ui.handled',
} as const;
/** What is often said with an action. */
const phrases = {
  approve: ['task.phraseAgree', 'task.phraseOk'],
  reject: ['task.phraseNo', 'task.phraseFix'],
  return: ['task.phraseFix', 'task.phraseCheck'],
} as const;

export interface ActionSheetProps {
  form: CompiledForm;
  record: RecordView;
  flow?: CaseView;
  display: Display;
  action: CaseAction;
  embedded: boolean;
  onClose(): void;
  onActed(): void;
  onDone(): void;
}

/** Waits for the formulas of the form; they are needed only where this node fills fields. */
export default function ActionSheet(props: ActionSheetProps) {
  return useLibrary(props.form) ? <OpenSheet {...props} /> : null;
}

/** The opinion, whom or where to, and the fields that are this node's to fill. */
function OpenSheet(props: ActionSheetProps) {
  const t = useT();
  const id = useId();
  const { action } = props;
  const [comment, setComment] = useState('');
  const [to, setTo] = useState(action.return_to?.length === 1 ? (action.return_to[0]?.node ?? '') : '');
  const [problem, setProblem] = useState<'' | 'comment' | 'to'>('');
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const intent = useRef(new Intent());
  const fill = useNodeForm(props);
  const after = useAfter(props);

  const act = async () => {
    if (busy) return;
    const bad = missing(action, comment, to);
    setProblem(bad);
    if (bad) return document.getElementById(`${id}-${bad}`)?.focus();
    if (fill?.state.errors.validate().length) {
      const first = fill.state.errors.all.peek()[0];
      if (first) focusPlace(fill, first.path);
      return;
    }
    setBusy(true);
    setError('');
    try {
      await fill?.state.settle();
      await send(props, comment.trim(), to, fill?.state.patch(), intent.current);
      intent.current.done();
      props.onActed();
      await after();
    } catch (e) {
      if (e instanceof ApiError && e.errors.length && fill) fill.state.errors.apply(e.errors);
      if (e instanceof ApiError && e.status === 409) {
        toast(t('ui.taskChanged'), 'error');
        props.onActed();
      } else setError(textOf(e));
    } finally {
      setBusy(false);
    }
  };

  const danger = action.kind === 'reject';
  const said = phrases[action.kind as keyof typeof phrases] ?? [];
  return (
    <Sheet
      open
      title={actionName(action, t)}
      wide={!!fill}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button kind={danger ? 'danger' : 'primary'} loading={busy} onClick={() => void act()}>
            {actionName(action, t)}
          </Button>
        </>
      }
    >
      <div className="fw-action">
        {fill && <FormRenderer api={api} state={fill.state} reveal={fill.reveal} only={fill.keys} />}
        {action.kind === 'return' && (
          <div className="fw-action-part">
            <span id={`${id}-rl`}>{t('task.returnTo')}</span>
            <RadioGroup
              id={`${id}-to`}
              labelId={`${id}-rl`}
              required
              value={to}
              onChange={setTo}
              invalid={problem === 'to'}
              choices={(action.return_to ?? []).map((n) => ({ value: n.node, text: n.title }))}
            />
          </div>
        )}
        {action.kind === 'transfer' && (
          <TransferTo id={`${id}-to`} {...props} value={to} onChange={setTo} invalid={problem === 'to'} />
        )}
        <div className="fw-action-part">
          <label htmlFor={`${id}-comment`} id={`${id}-cl`}>
            {action.kind === 'comment' ? t('ui.commentNote') : t(commentLabel(action))}
          </label>
          <div className="fw-action-input" data-invalid={problem === 'comment' || undefined}>
            <TextArea
              id={`${id}-comment`}
              value={comment}
              onChange={setComment}
              rows={3}
              maxLength={1000}
              autoFocus={!fill}
              placeholder={t('task.opinionPlaceholder')}
              invalid={problem === 'comment'}
              describedBy={`${id}-err`}
            />
          </div>
          {said.length > 0 && (
            <div className="fw-phrases">
              {said.map((p) => (
                <button key={p} type="button" onClick={() => setComment((c) => (c ? `${c}，${t(p)}` : t(p)))}>
                  {t(p)}
                </button>
              ))}
            </div>
          )}
          <p id={`${id}-err`} className="fw-field-error" role="alert">
            {problem === 'comment' ? t('ui.needComment') : problem === 'to' ? t('ui.mustChoose') : error}
          </p>
        </div>
      </div>
    </Sheet>
  );
}

/** An opinion belongs to a verdict; who does or passes on something leaves a note. */
function commentLabel(a: CaseAction) {
  if (a.kind === 'handle' || a.kind === 'transfer') return a.comment_required ? 'ui.noteRequired' : 'ui.noteOptional';
  return a.comment_required ? 'ui.commentRequired' : 'ui.commentOptional';
}

function missing(a: CaseAction, comment: string, to: string): '' | 'comment' | 'to' {
  if ((a.kind === 'return' || a.kind === 'transfer') && !to) return 'to';
  if ((a.comment_required || a.kind === 'comment') && !comment.trim()) return 'comment';
  return '';
}

async function send(
  { form, record, action }: ActionSheetProps,
  comment: string,
  to: string,
  patch: object | undefined,
  intent: Intent,
) {
  if (action.kind === 'comment') {
    const body = { comment };
    return api.caseAct(form.ref, record.id, 'comment', body, intent.keyFor(body));
  }
  const task = record.tasks?.find((x) => x.id === action.task);
  const body = {
    rev: task?.rev ?? 0,
    record_rev: record.rev,
    comment: comment || undefined,
    to: to || undefined,
    data: patch && !isEmptyPatch(patch) ? patch : undefined,
  };
  return api.act(action.task ?? '', action.kind as TaskAction, body, intent.keyFor([action.kind, body]));
}

/** The fields this node lets the user fill, when he agrees. */
function useNodeForm({ form, record, action }: ActionSheetProps) {
  const me = useMe();
  const made = useMemo(() => {
    if (action.kind !== 'approve' && action.kind !== 'handle') return undefined;
    const state = createForm({
      form,
      record,
      user: formulaUser(me),
      zone: me.tenant.zone,
      evaluate: (d, fields) => api.evaluate(form.ref, { data: d as RecordData, fields }),
    });
    const keys = form.fields
      .filter((f) => !state.state(f.key).peek().readonly && state.state(f.key).peek().visible)
      .map((f) => f.key);
    return keys.length ? { state, keys, reveal: newReveal() } : undefined;
  }, [form, record, action, me]);
  useEffect(() => () => made?.state.dispose(), [made]);
  return made;
}

function TransferTo(
  props: ActionSheetProps & { id: string; value: string; onChange(v: string): void; invalid: boolean },
) {
  const t = useT();
  const [display, setDisplay] = useState(props.display);
  const scope = {
    api,
    form: props.form,
    display,
    learn: (d: Display) => setDisplay((o) => ({ ...o, users: { ...o.users, ...d.users } })),
  };
  return (
    <div className="fw-action-part">
      <label htmlFor={props.id} id={`${props.id}-l`}>
        {t('task.transferTo')}
      </label>
      <div className="fw-action-input">
        <FieldsProvider value={scope}>
          <FieldEdit
            field={{ key: 'to', title: t('task.transferTo'), type: 'member' }}
            value={props.value || undefined}
            onChange={(v) => props.onChange(String(v ?? ''))}
            id={props.id}
            labelId={`${props.id}-l`}
            invalid={props.invalid}
            required
            path="/to"
          />
        </FieldsProvider>
      </div>
    </div>
  );
}

/** After acting: the next task that waits, else back to where the user came from. */
function useAfter({ form, record, action, embedded, onDone }: ActionSheetProps) {
  const t = useT();
  const mode = useMode();
  const refresh = useRefresh();
  const [, go] = useLocation();
  return async () => {
    refresh(form.ref, record.id);
    if (action.kind === 'comment') return toast(t('task.done_'), 'success');
    const text = t(doneTexts[action.kind as keyof typeof doneTexts] ?? 'task.done_');
    const next = await nextTask(record.id);
    if (!next) {
      toast(text, 'success');
      return onDone();
    }
    toast(`${text}，${t('ui.nextTask', { n: next.more })}`, 'success');
    const { item } = next;
    if (mode === 'desktop' && embedded && window.location.pathname === '/tasks') return onDone();
    go(`/f/${item.form}/${item.record}?task=${item.id}&box=todo`, { replace: true });
  };
}

async function nextTask(except: string): Promise<{ item: TaskItem; more: number } | undefined> {
  try {
    const [page, counts] = await Promise.all([api.tasks({ box: 'todo', limit: 5 }), api.taskCounts()]);
    const item = page.items.find((x) => x.record !== except);
    return item && { item, more: counts.todo };
  } catch {
    return undefined;
  }
}
