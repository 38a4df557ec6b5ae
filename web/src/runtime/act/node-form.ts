import { useEffect, useMemo } from 'react';
import type { CompiledForm, RecordData, RecordView } from '../../core/api';
import { createForm } from '../../core/form';
import { newReveal } from '../../render/form-context';
import { api } from '../api';
import { formulaUser, useMe } from '../session';

/** The fields this node lets the user fill with the action; "" as the action gives none. */
export function useNodeForm(form: CompiledForm, record: RecordView, kind: string) {
  const me = useMe();
  const made = useMemo(() => {
    if (!kind) return undefined;
    const state = createForm({
      form,
      record,
      user: formulaUser(me),
      zone: me.tenant.zone,
      evaluate: (d, fields) => api.evaluate(form.ref, { id: record?.id, data: d as RecordData, fields }),
    });
    const keys = form.fields
      .filter((f) => !state.state(f.key).peek().readonly && state.state(f.key).peek().visible)
      .map((f) => f.key);
    return keys.length ? { state, keys, reveal: newReveal() } : undefined;
  }, [form, record, kind, me]);
  useEffect(() => () => made?.state.dispose(), [made]);
  return made;
}
