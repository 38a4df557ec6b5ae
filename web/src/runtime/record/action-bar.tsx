import { lazy, Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import type { CaseAction, CaseCommandKind, CaseView, CompiledForm, Display, RecordView } from '../../core/api';
import { ApiError } from '../../core/api';
import { Button, confirm, Menu, type MenuAction, textOf, toast, useMode } from '../../kit';
import { type T, useT } from '../../texts';
import { api } from '../api';
import { useRefresh } from '../queries';

const ActionSheet = lazy(() => import('./action-sheet'));

const names = {
  approve: 'task.approve',
  reject: 'task.reject',
  return: 'task.return',
  transfer: 'task.transfer',
  handle: 'task.handle',
  withdraw: 'task.withdraw',
  resubmit: 'task.resubmit',
  urge: 'task.urge',
  comment: 'task.comment',
} as const;

/** The label of an action: as the flow renames it, else its own. */
export function actionName(a: CaseAction, t: T): string {
  const key = names[a.kind as keyof typeof names];
  return a.label || (key ? t(key) : a.kind);
}

/** Shown as buttons, the last the most important; all others go to the menu. */
const shown = ['withdraw', 'urge', 'reject', 'resubmit', 'handle', 'approve'];

/** What may be done with the record now. Nothing = no bar. */
export function ActionBar(props: {
  form: CompiledForm;
  record: RecordView;
  flow?: CaseView;
  display: Display;
  onDone(): void;
}) {
  const t = useT();
  const mode = useMode();
  const [, go] = useLocation();
  const refresh = useRefresh();
  const [open, setOpen] = useState<CaseAction | null>(null);
  const [busy, setBusy] = useState('');
  const { form, record, flow, onDone } = props;
  const ops = record.rights?.ops ?? [];
  const actions = flow?.actions ?? [];

  const quick = async (kind: CaseCommandKind, question?: string) => {
    if (busy || (question && !(await confirm({ title: question })))) return;
    setBusy(kind);
    try {
      await api.caseAct(form.ref, record.id, kind);
      toast(t(kind === 'urge' ? 'ui.urged' : kind === 'withdraw' ? 'ui.withdrawn' : 'task.done_'), 'success');
    } catch (e) {
      toast(textOf(e), 'error');
    } finally {
      setBusy('');
      refresh(form.ref, record.id);
    }
  };

  const start = (a: CaseAction) => {
    if (a.kind === 'withdraw') return void quick('withdraw', t('task.withdrawConfirm'));
    if (a.kind === 'urge') return void quick('urge');
    if (a.kind === 'resubmit') return go(`/f/${form.ref}/${record.id}/edit?resubmit=1`);
    setOpen(a);
  };

  const remove = async () => {
    if (
      !(await confirm({
        title: t('list.deleteConfirm', { title: record.title }),
        ok: t('common.delete'),
        danger: true,
      }))
    )
      return;
    try {
      await api.deleteRecord(form.ref, record.id, record.rev);
      toast(t('list.deleted'), 'success');
      refresh(form.ref);
      onDone();
    } catch (e) {
      toast(textOf(e), 'error');
      if (e instanceof ApiError && e.status === 409) refresh(form.ref, record.id);
    }
  };

  const running = record.case?.state === 'running';
  const mayEdit = ops.includes('edit') && !running && !actions.some((a) => a.kind === 'resubmit');
  const buttons = shown.flatMap((kind) => actions.find((a) => a.kind === kind) ?? []);
  const menu: MenuAction[] = [
    ...actions
      .filter((a) => !shown.includes(a.kind))
      .map((a) => ({ key: a.kind, text: actionName(a, t), onClick: () => start(a) })),
    ...(ops.includes('delete') && !running
      ? [{ key: 'delete', text: t('ui.deleteRecord'), danger: true, onClick: () => void remove() }]
      : []),
  ];
  if (!buttons.length && !menu.length && !mayEdit) return null;
  const last = buttons[buttons.length - 1];
  // A menu of one is a detour.
  const single = !buttons.length && !mayEdit && menu.length === 1 ? menu[0] : undefined;
  return (
    <footer className="fw-bar">
      {single && (
        <Button size="large" kind={single.danger ? 'danger' : 'default'} onClick={single.onClick}>
          {single.text}
        </Button>
      )}
      {menu.length > 0 && !single && (
        <span className="fw-drop-up fw-bar-more">
          <Menu title={t('ui.more')} actions={menu}>
            {(o) => (
              <button type="button" className="fw-more" {...o}>
                {t('common.more')}
              </button>
            )}
          </Menu>
        </span>
      )}
      {mayEdit && (
        <Button
          size="large"
          kind={buttons.length ? 'default' : 'primary'}
          onClick={() => go(`/f/${form.ref}/${record.id}/edit`)}
        >
          {t('common.edit')}
        </Button>
      )}
      {buttons.map((a) => (
        <Button
          key={a.kind}
          size="large"
          kind={
            a.kind === 'reject'
              ? 'danger'
              : a === last && a.kind !== 'withdraw' && a.kind !== 'urge'
                ? 'primary'
                : 'default'
          }
          loading={busy === a.kind}
          onClick={() => start(a)}
        >
          {actionName(a, t)}
        </Button>
      ))}
      {open && (
        <Suspense fallback={null}>
          <ActionSheet
            {...props}
            action={open}
            onClose={() => setOpen(null)}
            onActed={() => {
              setOpen(null);
              refresh(form.ref, record.id);
            }}
            embedded={mode === 'desktop'}
          />
        </Suspense>
      )}
    </footer>
  );
}
