import { lazy, Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import type { CaseAction, CaseCommandKind, CaseView, CompiledForm, Display, RecordView } from '../../core/api';
import { ApiError } from '../../core/api';
import { formatTime } from '../../core/format';
import { Button, confirm, Icon, Menu, type MenuAction, textOf, toast } from '../../kit';
import { useLang, useT } from '../../texts';
import { useAfter } from '../act/after';
import { clashText, urgeText } from '../act/clash';
import { actionName, byKind, distinctName, isDanger, placed } from '../act/names';
import { useActT } from '../act/texts';
import { api } from '../api';
import { useRefresh } from '../queries';
import { useMe } from '../session';

const ActSheet = lazy(() => import('../act/sheet'));

export interface ActionBarProps {
  form: CompiledForm;
  record: RecordView;
  flow?: CaseView;
  display: Display;
  embedded?: boolean;
  onDone(): void;
}

/** What may be done with the record now. Nothing = no bar. */
export function ActionBar(props: ActionBarProps) {
  const t = useT();
  const a = useActT();
  const [, go] = useLocation();
  const [open, setOpen] = useState<{ action: CaseAction; among?: CaseAction[] } | null>(null);
  const { form, record, flow, display } = props;
  const refresh = useRefresh();
  const after = useAfter(props);
  const { busy, quick } = useQuick(props);
  const remove = useRemove(props);

  const start = (x: CaseAction, among?: CaseAction[]) => {
    if (x.kind === 'withdraw') return void quick(x, t('task.withdrawConfirm'));
    if (x.kind === 'urge') return void quick(x);
    if (x.kind === 'resubmit') return go(`/f/${form.ref}/${record.id}/edit?resubmit=1`);
    setOpen({ action: x, among });
  };

  const actions = flow?.actions ?? [];
  const { buttons, menu, admin } = placed(actions);
  const running = record.case?.state === 'running';
  const ops = record.rights?.ops ?? [];
  const mayEdit = ops.includes('edit') && !running && !actions.some((x) => x.kind === 'resubmit');
  const item = (x: CaseAction): MenuAction => ({
    key: `${x.kind}-${x.task ?? ''}`,
    text: distinctName(x, menu, flow?.tree ?? [], t),
    danger: isDanger(x.kind),
    onClick: () => start(x),
  });
  const adminItems = byKind(admin).flatMap(([x, ...others]): MenuAction[] =>
    x
      ? [
          {
            key: x.kind,
            text: actionName({ kind: x.kind }, t),
            danger: isDanger(x.kind),
            onClick: () => start(x, [x, ...others]),
          },
        ]
      : [],
  );
  const rest: MenuAction[] = [
    ...menu.map(item),
    ...(ops.includes('delete') && !running
      ? [{ key: 'delete', text: t('ui.deleteRecord'), danger: true, onClick: () => void remove() }]
      : []),
  ];
  if (!buttons.length && !rest.length && !admin.length && !mayEdit) return null;
  // A menu of one is a detour.
  const single = !buttons.length && !mayEdit && !admin.length && rest.length === 1 ? rest[0] : undefined;
  return (
    <footer className="fw-bar">
      {single && (
        <Button size="large" kind={single.danger ? 'danger' : 'default'} onClick={single.onClick}>
          {single.text}
        </Button>
      )}
      {admin.length > 0 && <BarMenu title={a('act.admin')} icon actions={adminItems} />}
      {rest.length > 0 && !single && <BarMenu title={t('ui.more')} text={t('common.more')} actions={rest} />}
      {mayEdit && (
        <Button
          size="large"
          kind={buttons.length ? 'default' : 'primary'}
          onClick={() => go(`/f/${form.ref}/${record.id}/edit`)}
        >
          {t('common.edit')}
        </Button>
      )}
      {buttons.map((x, i) => (
        <BarButton key={x.kind} action={x} last={i === buttons.length - 1} busy={busy} onStart={start} />
      ))}
      {open && flow && (
        <Suspense fallback={null}>
          <ActSheet
            form={form}
            record={record}
            flow={flow}
            display={display}
            {...open}
            onClose={() => setOpen(null)}
            onActed={(done) => {
              const acted = open.action;
              setOpen(null);
              refresh(form.ref, record.id);
              if (done) void after(acted);
            }}
          />
        </Suspense>
      )}
    </footer>
  );
}

function BarMenu(props: { title: string; text?: string; icon?: boolean; actions: MenuAction[] }) {
  return (
    <span className="fw-drop-up fw-bar-more">
      <Menu title={props.title} actions={props.actions}>
        {(o) => (
          <button type="button" className="fw-more" {...o}>
            {props.icon && <Icon name="lock" size={16} />}
            {props.text ?? props.title}
          </button>
        )}
      </Menu>
    </span>
  );
}

function BarButton(props: { action: CaseAction; last: boolean; busy: string; onStart(a: CaseAction): void }) {
  const t = useT();
  const a = useActT();
  const lang = useLang();
  const me = useMe();
  const { action: x, last } = props;
  const wait = x.kind === 'urge' && x.not_before && Date.parse(x.not_before) > Date.now() ? x.not_before : '';
  const quiet = x.kind === 'withdraw' || x.kind === 'urge';
  const name = actionName(x, t);
  return (
    <Button
      size="large"
      kind={x.kind === 'reject' ? 'danger' : last && !quiet ? 'primary' : 'default'}
      loading={props.busy === x.kind}
      disabled={!!wait}
      name={
        wait ? `${name}，${a('act.urgeAt', { time: formatTime(wait, lang, me.tenant.zone).slice(-5) })}` : undefined
      }
      onClick={() => props.onStart(x)}
    >
      {wait ? `${name} ${formatTime(wait, lang, me.tenant.zone).slice(-5)}` : name}
    </Button>
  );
}

/** Actions that ask nothing but, perhaps, yes or no. */
function useQuick({ form, record, display }: ActionBarProps) {
  const t = useT();
  const lang = useLang();
  const me = useMe();
  const refresh = useRefresh();
  const [busy, setBusy] = useState('');
  const quick = async (x: CaseAction, question?: string) => {
    if (busy || (question && !(await confirm({ title: question })))) return;
    setBusy(x.kind);
    try {
      await api.caseAct(form.ref, record.id, x.kind as CaseCommandKind);
      toast(t(x.kind === 'urge' ? 'ui.urged' : 'ui.withdrawn'), 'success');
    } catch (e) {
      const { zone } = me.tenant;
      const text = !(e instanceof ApiError)
        ? textOf(e)
        : e.status === 409
          ? await clashText(e, display, lang, zone)
          : urgeText(e, lang, zone);
      toast(text, 'error');
    } finally {
      setBusy('');
      refresh(form.ref, record.id);
    }
  };
  return { busy, quick };
}

/** Puts the record into the trash, once the user has confirmed it. */
function useRemove({ form, record, onDone }: ActionBarProps) {
  const t = useT();
  const refresh = useRefresh();
  return async () => {
    const title = t('list.deleteConfirm', { title: record.title });
    if (!(await confirm({ title, ok: t('common.delete'), danger: true }))) return;
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
}
