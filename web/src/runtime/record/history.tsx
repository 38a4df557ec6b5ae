import type { CompiledForm, Field, HistoryEntry } from '../../core/api';
import { actionLabel, personName } from '../../core/flow';
import { formatTime } from '../../core/format';
import { FieldsProvider, useFields } from '../../fields/context';
import { CellView } from '../../fields/view';
import { Empty, ErrorState, Skeleton } from '../../kit';
import { useLang, useT } from '../../texts';
import { merged } from '../merged';
import { useHistory } from '../queries';
import { useMe } from '../session';

const actions = {
  create: 'list.historyCreate',
  update: 'list.historyUpdate',
  delete: 'list.historyDelete',
  restore: 'list.historyRestore',
  auto: 'list.historyAuto',
} as const;

/** Who changed what, newest first. */
export function HistoryList({ form, id }: { form: CompiledForm; id: string }) {
  const t = useT();
  const scope = useFields();
  const history = useHistory(form.ref, id);
  if (history.error) return <ErrorState error={history.error} onRetry={() => void history.refetch()} />;
  if (!history.data) return <Skeleton rows={4} />;
  if (!history.data.items.length) return <Empty icon="clock" text={t('list.historyEmpty')} />;
  const display = merged([scope.display, history.data.display]);
  return (
    <FieldsProvider value={{ ...scope, display }}>
      <ol className="fw-history">
        {history.data.items.map((h) => (
          <Entry key={h.rev} entry={h} form={form} />
        ))}
      </ol>
    </FieldsProvider>
  );
}

function Entry({ entry: h, form }: { entry: HistoryEntry; form: CompiledForm }) {
  const t = useT();
  const lang = useLang();
  const me = useMe();
  const { display } = useFields();
  const key = actions[h.action as keyof typeof actions];
  return (
    <li className="fw-card fw-history-item">
      <p>
        <b>{personName(h.by, display, lang)}</b> {key ? t(key) : actionLabel(h.action, lang).text}
        <span className="fw-history-time">{formatTime(h.at, lang, me.tenant.zone)}</span>
      </p>
      {h.changes.length > 0 && (
        <ul className="fw-changes">
          {h.changes.map((c) => (
            <li key={c.field}>
              <span className="fw-muted">{c.title}</span>
              <span>
                <del>
                  <Value form={form} name={c.field} value={c.before} />
                </del>
                <span aria-hidden="true"> → </span>
                <ins>
                  <Value form={form} name={c.field} value={c.after} />
                </ins>
              </span>
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

function Value({ form, name, value }: { form: CompiledForm; name: string; value: unknown }) {
  const t = useT();
  const [key, column] = name.split('.');
  const top = form.fields.find((f) => f.key === key);
  const field: Field = (column ? top?.columns?.find((c) => c.key === column) : top) ?? {
    key: name,
    title: '',
    type: 'text',
  };
  const blank = value === undefined || value === null || value === '';
  return blank ? <span className="fw-muted">{t('ui.noValue')}</span> : <CellView field={field} value={value} />;
}
