import type { CompiledForm, Field, Json, RecordData, RecordView } from '../../core/api';

/** One field that both sides have changed. */
export interface Clash {
  field: Field;
  mine: Json | undefined;
  theirs: Json | undefined;
}

/** The fields where what I typed meets what another wrote since I opened the record. */
export function clashesOf(form: CompiledForm, mine: RecordData, before: RecordView, now: RecordView): Clash[] {
  return form.fields.flatMap((field) => {
    if (!(field.key in mine)) return [];
    const theirs = now.data[field.key];
    const same = (a: unknown, b: unknown) => JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
    if (same(before.data[field.key], theirs) || same(mine[field.key], theirs)) return [];
    return [{ field, mine: mine[field.key], theirs }];
  });
}
