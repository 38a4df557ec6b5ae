import { type ReactNode, useEffect, useState } from 'react';
import type { Field, Json } from '../core/api';
import { FieldView } from '../fields/view';
import { Button, textOf, toast } from '../kit';
import { useT } from '../texts';

/** Fetches a masked value in the clear. */
export type Reveal = (field: string) => Promise<Json | undefined>;

/** How long a value stays in the clear: nobody leaves it open on a desk. */
const shownFor = 30_000;

/** A masked value that may be shown in the clear for a while; showing it is logged. */
export function Masked({ field, onReveal, children }: { field: Field; onReveal: Reveal; children: ReactNode }) {
  const t = useT();
  const [clear, setClear] = useState<{ value: Json | undefined } | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (!clear) return;
    const timer = setTimeout(() => setClear(null), shownFor);
    return () => clearTimeout(timer);
  }, [clear]);
  const show = async () => {
    setBusy(true);
    try {
      setClear({ value: await onReveal(field.key) });
    } catch (x) {
      toast(textOf(x), 'error');
    } finally {
      setBusy(false);
    }
  };
  return (
    <span className="fw-masked">
      <span aria-live="polite">
        {clear ? <FieldView field={{ ...field, right: undefined }} value={clear.value} /> : children}
      </span>
      <Button
        kind="text"
        size="small"
        loading={busy}
        name={t(clear ? 'form.maskOf' : 'form.unmask', { title: field.title })}
        onClick={() => (clear ? setClear(null) : void show())}
      >
        {t(clear ? 'common.hide' : 'common.show')}
      </Button>
    </span>
  );
}
