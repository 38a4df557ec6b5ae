import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { ApiError, type Display, type TaskAction, type TaskItem } from '../../core/api';
import { displaySummary } from '../../core/format';
import { FieldsProvider } from '../../fields/context';
import { Button, Sheet, textOf, toast } from '../../kit';
import { useLang, useT } from '../../texts';
import { clashText } from '../act/clash';
import { Opinion } from '../act/opinion';
import { api } from '../api';
import { Intent } from '../record/intent';
import { useMe } from '../session';
import { kindFor } from './boxes';

/** Decides one task from the list. */
export function QuickSheet({ item: x, display, onClose }: { item: TaskItem; display: Display; onClose(): void }) {
  const t = useT();
  const lang = useLang();
  const { tenant } = useMe();
  const q = useQueryClient();
  const [comment, setComment] = useState('');
  const [busy, setBusy] = useState('');
  const [error, setError] = useState('');
  const intent = useRef(new Intent());
  const agree = kindFor(x, 'approve');
  const refuse = kindFor(x, 'reject');
  const act = async (kind: string) => {
    if (busy) return;
    if (kind === 'reject' && !comment.trim()) return setError(t('ui.needComment'));
    setBusy(kind);
    setError('');
    try {
      const body = { rev: x.rev, comment: comment.trim() || undefined };
      await api.act(x.id, kind as TaskAction, body, intent.current.keyFor([kind, body]));
      toast(t(kind === 'reject' ? 'ui.rejected' : kind === 'handle' ? 'ui.handled' : 'ui.approved'), 'success');
      onClose();
    } catch (e) {
      if (!(e instanceof ApiError) || e.status !== 409) return setError(textOf(e));
      toast(await clashText(e, display, lang, tenant.zone), 'error');
      onClose();
    } finally {
      setBusy('');
      void q.invalidateQueries();
    }
  };
  const facts = { display, lang, zone: tenant.zone, currency: tenant.currency };
  return (
    <Sheet
      open
      title={x.title}
      onClose={onClose}
      footer={
        <>
          {refuse && (
            <Button kind="danger" loading={busy === 'reject'} onClick={() => void act('reject')}>
              {t('task.reject')}
            </Button>
          )}
          <Button kind="primary" loading={busy === agree} onClick={() => void act(agree)}>
            {t(`task.${agree as 'approve'}`)}
          </Button>
        </>
      }
    >
      <FieldsProvider value={{ api, form: { ref: x.form }, display, learn: () => undefined }}>
        <div className="fw-action">
          <div>
            {x.summary?.map((s) => (
              <p key={s.title} className="fw-record-line">
                <span className="fw-muted">{s.title}</span>
                <span className="fw-record-value">{displaySummary(s, facts)}</span>
              </p>
            ))}
          </div>
          <Opinion
            id="quick"
            kind="approve"
            label={t('ui.commentOptional')}
            value={comment}
            onChange={(text) => {
              setComment(text);
              setError('');
            }}
            invalid={!!error}
            required={false}
            autoFocus
          />
          <p id="quick-err" className="fw-field-error" role="alert">
            {error}
          </p>
        </div>
      </FieldsProvider>
    </Sheet>
  );
}
