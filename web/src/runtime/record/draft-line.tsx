import { formatTime } from '../../core/format';
import { useLang, useT } from '../../texts';
import { useMe } from '../session';
import type { DraftState } from './draft';

/** One line that says how safe what was typed is. */
export function DraftLine({ draft, onClear }: { draft: DraftState; onClear(): void }) {
  const t = useT();
  const lang = useLang();
  const me = useMe();
  if (draft.kind === 'none') return null;
  const clock =
    draft.kind === 'saved' ? formatTime(new Date(draft.at).toISOString(), lang, me.tenant.zone).slice(-5) : '';
  const text =
    draft.kind === 'saving'
      ? t('form.saving')
      : draft.kind === 'local'
        ? t('ui.saveFailed')
        : t('ui.savedAt', { time: clock });
  return (
    <p className="fw-draft-line" role="status">
      {text}
      {draft.kind !== 'saving' && (
        <button type="button" className="fw-link" onClick={onClear}>
          {t('ui.clearDraft')}
        </button>
      )}
    </p>
  );
}
