import './form-page.css';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { ApiError, type CompiledForm, type RecordData, type RecordView } from '../../core/api';
import { createForm, type FormState, isEmptyPatch } from '../../core/form';
import { Button, confirm, ErrorState, NavBar, Skeleton, textOf, toast, useMode } from '../../kit';
import { FormRenderer } from '../../render/form';
import { focusPlace, newReveal, useSignal } from '../../render/form-context';
import { useLibrary } from '../../render/use-library';
import { useT } from '../../texts';
import type { Extra } from '../act/submit-sheet';
import { api } from '../api';
import { useForm, useRecord, useRefresh } from '../queries';
import { formulaUser, useMe } from '../session';
import { type Clash, clashesOf } from './clash';
import { dropDraft, findDraft, useAutosave } from './draft';
import { DraftLine } from './draft-line';
import { Intent } from './intent';

const PredictStrip = lazy(() => import('./predict'));
const ConflictSheet = lazy(() => import('./conflict'));
const loadSubmit = () => import('../act/submit-sheet');
const SubmitSheet = lazy(loadSubmit);

/** Filling a new record, or editing one. */
export default function FormPage({ form: ref, id }: { form: string; id: string }) {
  const t = useT();
  const mode = useMode();
  const [, go] = useLocation();
  const form = useForm(ref);
  const record = useRecord(ref, id);
  const me = useMe();
  const [draft, setDraft] = useState<RecordData | null | undefined>(undefined);
  useEffect(() => {
    let gone = false;
    void findDraft(api, me.user.id, ref, id).then((d) => {
      if (!gone) setDraft(d ?? null);
    });
    return () => {
      gone = true;
    };
  }, [me.user.id, ref, id]);
  const back = () => go(id ? `/f/${ref}/${id}` : `/f/${ref}`);
  const error = form.error ?? record.error;
  const library = useLibrary(form.data);
  const ready = library && form.data && draft !== undefined && (!id || record.data);
  if (ready && form.data)
    return <Filler form={form.data} record={id ? record.data : undefined} draft={draft} onBack={back} />;
  return (
    <>
      {mode === 'phone' && <NavBar title={form.data?.title ?? ''} onBack={back} backName={t('common.back')} />}
      {error ? (
        <ErrorState error={error} onRetry={() => void (form.error ? form.refetch() : record.refetch())} />
      ) : (
        <Skeleton kind="form" rows={7} />
      )}
    </>
  );
}

interface FillerProps {
  form: CompiledForm;
  record?: RecordView;
  draft: RecordData | null;
  onBack(): void;
}

function Filler(props: FillerProps) {
  const t = useT();
  const me = useMe();
  const [record, setRecord] = useState(props.record);
  const make = (r: RecordView | undefined, data: RecordData | null) => {
    const state = createForm({
      form: props.form,
      record: r,
      user: formulaUser(me),
      zone: me.tenant.zone,
      evaluate: (d, fields) => api.evaluate(props.form.ref, { id: r?.id, data: d as RecordData, fields }),
    });
    if (data) state.restore(data);
    return state;
  };
  const [state, setState] = useState(() => make(record, props.draft));
  useEffect(() => () => state.dispose(), [state]);
  useEffect(() => {
    if (props.draft) toast(t('ui.draftFound'));
  }, [props.draft, t]);
  return (
    <Filling
      key={record?.rev ?? 0}
      {...props}
      record={record}
      state={state}
      onClear={() => setState(make(record, null))}
      onMerge={(now, data) => {
        setState(make(now, data));
        setRecord(now);
      }}
    />
  );
}

interface FillingProps extends FillerProps {
  state: FormState;
  onClear(): void;
  onMerge(now: RecordView, data: RecordData): void;
}

function Filling({ form, record, state, onBack, onClear, onMerge }: FillingProps) {
  const t = useT();
  const mode = useMode();
  const me = useMe();
  const refresh = useRefresh();
  const [, go] = useLocation();
  const resubmit = new URLSearchParams(useSearch()).has('resubmit') && !!record;
  const [reveal] = useState(newReveal);
  const [busy, setBusy] = useState<'' | 'submit' | 'draft'>('');
  const [conflict, setConflict] = useState<{ now: RecordView; clashes: Clash[] } | null>(null);
  const [asking, setAsking] = useState(false);
  const intent = useRef(new Intent());
  const id = record?.id ?? '';
  const { draft, stop } = useAutosave(api, me.user.id, state, id);

  const send = async (submit: boolean, extra: Extra): Promise<RecordView> => {
    const { choose } = extra;
    if (!record) {
      const body = { data: state.data(), submit, choose };
      return api.createRecord(form.ref, body, intent.current.keyFor(body));
    }
    const patch = state.patch();
    if (resubmit && submit) {
      const body = isEmptyPatch(patch) ? extra : { ...extra, rev: record.rev, data: patch };
      await api.caseAct(form.ref, record.id, 'resubmit', body, intent.current.keyFor(body));
      return record;
    }
    const body = { rev: record.rev, ...patch, submit, choose };
    return api.patchRecord(form.ref, record.id, body, intent.current.keyFor(body));
  };

  const fail = async (e: unknown) => {
    if (e instanceof ApiError && e.errors.length) {
      state.errors.clear();
      state.errors.apply(e.errors);
      return showErrors();
    }
    if (e instanceof ApiError && e.status === 409 && record && e.stale) {
      try {
        const now = await api.record(form.ref, record.id);
        return setConflict({ now, clashes: clashesOf(form, state.snapshot(), record, now) });
      } catch {
        // The record cannot be read now: what failed first is what the user must know.
      }
    }
    toast(textOf(e), 'error');
  };

  const showErrors = () => {
    const all = state.errors.all.peek();
    toast(t('form.errorsFound', { n: Math.max(1, all.length) }), 'error');
    if (all[0]?.path) focusPlace({ state, reveal }, all[0].path);
  };

  const save = async (submit: boolean) => {
    if (busy) return;
    // A control may keep what was typed until it loses the focus.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    if (submit) {
      if (state.errors.validate().length) return showErrors();
      const warnings = state.errors.warnings.peek();
      if (warnings.length) {
        const text = warnings.map((w) => w.message).join('；');
        if (
          !(await confirm({ title: t('form.warningsFound', { n: warnings.length }), text, ok: t('form.submitAnyway') }))
        )
          return;
      }
    }
    setBusy(submit ? 'submit' : 'draft');
    // Whom only the initiator can name, or which way a returned case takes. Without a network the submit itself says so.
    const asks = submit && form.hasFlow && (await loadSubmit().catch(() => undefined));
    if (asks) setAsking(true);
    else await finish(submit, {});
  };

  const finish = async (submit: boolean, extra: Extra) => {
    setAsking(false);
    try {
      await state.settle();
      const saved = await send(submit, extra);
      intent.current.done();
      stop();
      await dropDraft(api, me.user.id, form.ref, id);
      refresh(form.ref, saved.id);
      toast(t(!submit ? 'ui.draftOk' : form.hasFlow || !record ? 'ui.submitOk' : 'ui.saveOk'), 'success');
      go(`/f/${form.ref}/${saved.id}`, { replace: true });
    } catch (e) {
      await fail(e);
    } finally {
      setBusy('');
    }
  };

  const clear = async () => {
    if (!(await confirm({ title: t('ui.clearDraftConfirm'), ok: t('ui.clearDraft'), danger: true }))) return;
    stop();
    await dropDraft(api, me.user.id, form.ref, id);
    onClear();
  };

  const title = record ? record.title : t('form.newTitle', { title: form.title });
  const mayDraft = !record || record.state === 'draft';
  const submits = form.hasFlow || mayDraft;
  return (
    <div className="fw-fill">
      {mode === 'phone' ? (
        <NavBar title={record ? t('common.edit') : title} onBack={onBack} backName={t('common.back')} />
      ) : (
        <header className="fw-fill-head">
          <nav className="fw-breadcrumb" aria-label={t('common.back')}>
            <button type="button" className="fw-link" onClick={onBack}>
              {form.title}
            </button>
            <span aria-hidden="true">/</span>
            <span>{t(record ? 'common.edit' : 'ui.newRecord')}</span>
          </nav>
          <h1>{title}</h1>
        </header>
      )}
      <form
        className="fw-fill-body"
        noValidate
        aria-busy={busy !== ''}
        onSubmit={(e) => {
          // Enter in an input must not submit a long form.
          e.preventDefault();
        }}
      >
        <DraftLine draft={draft} onClear={() => void clear()} />
        <FormRenderer api={api} state={state} reveal={reveal} />
        {form.hasFlow && (
          <Suspense fallback={null}>
            <PredictStrip state={state} />
          </Suspense>
        )}
      </form>
      <footer className="fw-bar">
        <ErrorCount
          state={state}
          onShow={() => focusPlace({ state, reveal }, state.errors.all.peek()[0]?.path ?? '')}
        />
        {mayDraft && (
          <Button size="large" disabled={busy === 'submit'} loading={busy === 'draft'} onClick={() => void save(false)}>
            {t('form.saveDraft')}
          </Button>
        )}
        <Button
          kind="primary"
          size="large"
          disabled={busy === 'draft'}
          loading={busy === 'submit'}
          onClick={() => void save(true)}
        >
          {t(resubmit ? 'task.resubmit' : submits ? 'form.submit' : 'form.save')}
        </Button>
      </footer>
      {asking && (
        <Suspense fallback={null}>
          <SubmitSheet
            form={form}
            record={record}
            data={state.data()}
            resubmit={resubmit}
            onReady={(extra) => void finish(true, extra)}
            onClose={() => {
              setAsking(false);
              setBusy('');
            }}
          />
        </Suspense>
      )}
      {conflict && record && (
        <Suspense fallback={null}>
          <ConflictSheet
            form={form}
            record={conflict.now}
            clashes={conflict.clashes}
            onClose={() => setConflict(null)}
            onMerge={(theirs) => {
              const mine = { ...state.snapshot() };
              for (const key of theirs) delete mine[key];
              toast(t('ui.mergeDone'));
              onMerge(conflict.now, mine);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}

/** How many errors are left; a touch leads to the first. */
function ErrorCount({ state, onShow }: { state: FormState; onShow(): void }) {
  const t = useT();
  const errors = useSignal(state.errors.all);
  if (!errors.length) return null;
  return (
    <button type="button" className="fw-link fw-danger fw-error-count" onClick={onShow}>
      {t('form.errorsFound', { n: errors.length })}
    </button>
  );
}
