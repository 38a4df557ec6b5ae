import { useState } from 'react';
import type { CompiledForm, RecordView } from '../../core/api';
import { FieldsProvider } from '../../fields/context';
import { FieldView } from '../../fields/view';
import { Button, Sheet } from '../../kit';
import { useT } from '../../texts';
import { api } from '../api';
import { merged } from '../merged';
import type { Clash } from './clash';

/** Shows what clashes and lets the user choose per field; what he typed elsewhere is kept in any case. */
export default function ConflictSheet(props: {
  form: CompiledForm;
  record: RecordView;
  clashes: Clash[];
  onClose(): void;
  /** The keys whose present value wins. */
  onMerge(theirs: string[]): void;
}) {
  const t = useT();
  const { form, record, clashes } = props;
  const [theirs, setTheirs] = useState<string[]>([]);
  const pick = (key: string, their: boolean) =>
    setTheirs((l) => (their ? [...l.filter((k) => k !== key), key] : l.filter((k) => k !== key)));
  return (
    <Sheet
      open
      wide
      title={t('ui.conflictTitle')}
      onClose={props.onClose}
      footer={
        <>
          <Button onClick={props.onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" onClick={() => props.onMerge(theirs)}>
            {t('ui.keepMine')}
          </Button>
        </>
      }
    >
      <FieldsProvider value={{ api, form, display: merged([record.display]), learn: () => undefined }}>
        <div className="fw-conflict">
          <p className="fw-muted">{clashes.length ? t('ui.conflictText') : t('ui.conflictNone')}</p>
          {clashes.map((c) => (
            <fieldset key={c.field.key} className="fw-clash">
              <legend>{c.field.title}</legend>
              <label>
                <input
                  type="radio"
                  name={c.field.key}
                  checked={!theirs.includes(c.field.key)}
                  onChange={() => pick(c.field.key, false)}
                />
                <span className="fw-muted">{t('ui.mineValue')}</span>
                <FieldView field={c.field} value={c.mine} />
              </label>
              <label>
                <input
                  type="radio"
                  name={c.field.key}
                  checked={theirs.includes(c.field.key)}
                  onChange={() => pick(c.field.key, true)}
                />
                <span className="fw-muted">{t('ui.theirValue')}</span>
                <FieldView field={c.field} value={c.theirs} />
              </label>
            </fieldset>
          ))}
        </div>
      </FieldsProvider>
    </Sheet>
  );
}
