import '../file/file.css';
import { useRef, useState } from 'react';
import type { FileInfo } from '../../core/api';
import { Button, textOf, toast } from '../../kit';
import { useT } from '../../texts';
import { type EditProps, useFields } from '../context';
import { upload } from '../file/upload';
import { type SignatureHandle, SignaturePad } from './signature-pad';

/** signature: drawn by finger or mouse, kept as a picture. */
export default function SignatureEdit({ field, value, onChange, disabled, id, invalid, describedBy }: EditProps) {
  const t = useT();
  const { api } = useFields();
  const pad = useRef<SignatureHandle>(null);
  const [signed, setSigned] = useState(false);
  const [busy, setBusy] = useState(false);
  const file = value as FileInfo | undefined;

  const save = async () => {
    const picture = await pad.current?.file();
    if (!picture) return;
    setBusy(true);
    try {
      onChange(await upload(api, picture, () => undefined, new AbortController().signal));
    } catch (e) {
      toast(textOf(e), 'error');
    } finally {
      setBusy(false);
    }
  };

  if (file) {
    return (
      <div className="fw-stack">
        <img src={api.fileUrl(file.id)} alt={field.title} className="fw-sign-pad fw-sign-picture" />
        {!disabled && (
          <Button size="small" onClick={() => onChange(undefined)}>
            {t('ui.clearSign')}
          </Button>
        )}
      </div>
    );
  }
  if (disabled) return <span className="fw-muted">—</span>;
  return (
    <div className="fw-stack">
      <SignaturePad
        handle={pad}
        id={id}
        label={field.title}
        invalid={invalid}
        describedBy={describedBy}
        onSigned={setSigned}
      />
      {signed && (
        <Button size="small" kind="primary" loading={busy} onClick={() => void save()}>
          {t('common.done')}
        </Button>
      )}
    </div>
  );
}
