import './act.css';
import { useId, useRef, useState } from 'react';
import type { FileInfo } from '../../core/api';
import {
  ApiError,
  type CaseAction,
  type CaseView,
  type CompiledForm,
  type Display,
  type RecordView,
} from '../../core/api';
import { FieldEdit } from '../../fields/edit';
import { upload } from '../../fields/file/upload';
import { type SignatureHandle, SignaturePad } from '../../fields/plain/signature-pad';
import { Button, Sheet, textOf, toast } from '../../kit';
import { FormRenderer } from '../../render/form';
import { focusPlace } from '../../render/form-context';
import { useLibrary } from '../../render/use-library';
import { useLang, useT } from '../../texts';
import { api } from '../api';
import { Intent } from '../record/intent';
import { useMe } from '../session';
import { clashText } from './clash';
import { actionName, actionNote, isAdmin, isDanger } from './names';
import { useNodeForm } from './node-form';
import { Opinion } from './opinion';
import { BackPart, ChoosePart, PeoplePart, PlacePart, TaskPart, WherePart } from './parts';
import { asksReason, bodyOf, type Given, mentions, missing, type Problem, planOf } from './plan';
import { send } from './send';
import { type ActKey, useActT } from './texts';

export interface ActSheetProps {
  form: CompiledForm;
  record: RecordView;
  flow: CaseView;
  display: Display;
  action: CaseAction;
  /** The same action for other tasks: which one is asked first. */
  among?: CaseAction[];
  onClose(): void;
  /** It is done, or somebody else was faster: what is shown is to be read anew. */
  onActed(done: boolean): void;
}

/** Waits for the formulas of the form; they are needed only where this node fills fields. */
export default function ActSheet(props: ActSheetProps) {
  return useLibrary(props.form) ? <OpenSheet {...props} /> : null;
}

/** Everything one action asks: fields of the node, people, opinion, files, signature. */
function OpenSheet(props: ActSheetProps) {
  const t = useT();
  const a = useActT();
  const id = useId();
  const lang = useLang();
  const me = useMe();
  const { flow, among = [] } = props;
  const oneOf = among.length > 1;
  const [given, setGiven] = useState<Given>(() => initial(props.action, oneOf));
  const action = among.find((x) => x.task === given.task) ?? props.action;
  const plan = planOf(action, oneOf);
  const [files, setFiles] = useState<FileInfo[]>([]);
  const [named, setNamed] = useState<Record<string, string>>({});
  const [problem, setProblem] = useState<Problem>();
  const [error, setError] = useState('');
  const [busy, setBusy] = useState(false);
  const signed = useRef(false);
  const pad = useRef<SignatureHandle>(null);
  const signature = useRef<FileInfo>(undefined);
  const intent = useRef(new Intent());
  const fill = useNodeForm(props.form, props.record, plan.fields ? action.kind : '');
  const change = (part: Partial<Given>) => {
    setProblem(undefined);
    setGiven((g) => ({ ...g, ...part }));
  };
  const all: Given = { ...given, files: files.map((f) => f.id), mention: mentions(given.comment, named) };

  const sign = async (): Promise<string> => {
    if (!plan.signature) return '';
    if (!signature.current) {
      const picture = await pad.current?.file();
      if (picture) signature.current = await upload(api, picture, () => undefined, new AbortController().signal);
    }
    return signature.current?.id ?? '';
  };

  const act = async () => {
    if (busy) return;
    const bad = missing(action, all, signed.current, oneOf);
    setProblem(bad);
    if (bad) return document.getElementById(`${id}-${bad.part}`)?.focus();
    if (fill?.state.errors.validate().length) {
      const first = fill.state.errors.all.peek()[0];
      if (first) focusPlace(fill, first.path);
      return;
    }
    setBusy(true);
    setError('');
    try {
      await fill?.state.settle();
      const body = bodyOf(action, { ...all, signature: await sign() });
      await send({ ...props, action }, body, fill?.state.patch(), intent.current);
      intent.current.done();
      props.onActed(true);
    } catch (e) {
      if (e instanceof ApiError && e.errors.length && fill) fill.state.errors.apply(e.errors);
      if (e instanceof ApiError && e.status === 409) {
        toast(await clashText(e, props.display, lang, me.tenant.zone), 'error');
        props.onActed(false);
      } else setError(textOf(e));
    } finally {
      setBusy(false);
    }
  };

  const name = actionName(action, t);
  const behindStart = !!given.to[0] && given.to[0] !== flow.tree[0]?.node;
  const part = (p: Problem['part']) => ({ id: `${id}-${p}`, invalid: problem?.part === p, describedBy: `${id}-err` });
  const note = actionNote(action.kind);
  return (
    <Sheet
      open
      title={name}
      wide={!!fill}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button kind={isDanger(action.kind) ? 'danger' : 'primary'} loading={busy} onClick={() => void act()}>
            {name}
          </Button>
        </>
      }
    >
      <div className="fw-action">
        {isAdmin(action) && <p className="fw-action-warn">{a('act.adminNote')}</p>}
        {note && <p className="fw-action-note">{note}</p>}
        {fill && <FormRenderer api={api} state={fill.state} reveal={fill.reveal} only={fill.keys} />}
        {plan.task && (
          <TaskPart
            {...part('task')}
            flow={flow}
            among={among}
            value={given.task}
            onChange={(task) => change({ task })}
          />
        )}
        {plan.nodes && (
          <PlacePart
            {...part('nodes')}
            title={action.kind === 'jump' ? a('act.jumpTo') : t('task.returnTo')}
            nodes={plan.nodes}
            value={given.to[0] ?? ''}
            onChange={(n) => change({ to: [n], back: false })}
          />
        )}
        {action.kind === 'return' && action.back && behindStart && (
          <BackPart value={given.back} onChange={(back) => change({ back })} />
        )}
        {plan.where && (
          <WherePart
            id={`${id}-where`}
            where={plan.where}
            value={given.where}
            onChange={(where) => change({ where })}
          />
        )}
        {plan.people && (
          <PeoplePart
            {...part('people')}
            title={plan.people.title === 'transferTo' ? t('task.transferTo') : a(`act.${plan.people.title}`)}
            plan={plan.people}
            value={given.to}
            onChange={(to) => change({ to })}
          />
        )}
        {plan.choose.map((c) => (
          <ChoosePart
            key={c.node}
            {...part(`choose-${c.node}`)}
            choose={c}
            value={given.choose[c.node] ?? []}
            onChange={(ids) => change({ choose: { ...given.choose, [c.node]: ids } })}
          />
        ))}
        {plan.comment !== 'none' && (
          <Opinion
            id={id}
            kind={action.kind}
            label={commentLabel(action, plan.comment === 'required', t, a)}
            value={given.comment}
            onChange={(comment) => change({ comment })}
            onMention={plan.mention ? (u, n) => setNamed((m) => ({ ...m, [u]: n })) : undefined}
            invalid={problem?.part === 'comment'}
            required={plan.comment === 'required'}
            autoFocus={!fill && !plan.people && !plan.nodes && !plan.task}
          />
        )}
        {plan.signature && (
          <div className="fw-action-part">
            <span id={`${id}-sl`}>{a('act.signature')}</span>
            <SignaturePad
              {...part('signature')}
              handle={pad}
              label={a('act.signature')}
              onSigned={(yes) => {
                signed.current = yes;
                signature.current = undefined;
                if (yes) setProblem(undefined);
              }}
            />
          </div>
        )}
        {plan.files !== 'none' && (
          <div className="fw-action-part">
            <label htmlFor={`${id}-files`} id={`${id}-fl`}>
              {a(plan.files === 'required' ? 'act.filesRequired' : 'act.filesOptional')}
            </label>
            <FieldEdit
              field={{ key: 'files', title: a('act.files'), type: 'attachment', maxItems: 20 }}
              value={files}
              onChange={(v) => {
                setFiles((v as FileInfo[] | undefined) ?? []);
                setProblem(undefined);
              }}
              {...part('files')}
              labelId={`${id}-fl`}
              required={plan.files === 'required'}
              path="/files"
            />
          </div>
        )}
        <p id={`${id}-err`} className="fw-field-error" role="alert">
          {problem ? problemText(problem, t, a) : error}
        </p>
      </div>
    </Sheet>
  );
}

function initial(action: CaseAction, oneOf: boolean): Given {
  const plan = planOf(action);
  const only = plan.nodes?.length === 1 ? plan.nodes[0]?.node : undefined;
  return {
    comment: '',
    to: only ? [only] : [],
    where: plan.where?.[0] ?? '',
    back: false,
    mention: [],
    files: [],
    signature: '',
    choose: {},
    task: action.kind === 'reassign' && !oneOf ? (action.task ?? '') : '',
  };
}

type T = ReturnType<typeof useT>;
type A = ReturnType<typeof useActT>;

/** An opinion belongs to a verdict; who passes something on leaves a note; who stops a case says why. */
function commentLabel({ kind }: CaseAction, required: boolean, t: T, a: A): string {
  if (kind === 'comment') return t('ui.commentNote');
  if (asksReason(kind)) return a(required ? 'act.reason' : 'act.reasonOptional');
  if (/^(approve|reject|return)$/.test(kind)) return t(required ? 'ui.commentRequired' : 'ui.commentOptional');
  return t(required ? 'ui.noteRequired' : 'ui.noteOptional');
}

function problemText(p: Problem, t: T, a: A): string {
  if (p.text === 'needComment' || p.text === 'mustChoose') return t(`ui.${p.text}`);
  return a(`act.${p.text as ActKey}`, { n: p.n });
}
