import { createContext, useContext } from 'react';
import type { Api, CompiledForm, Display, Field, RecordData } from '../core/api';
import type { DisplayContext } from '../core/format';
import { useLang } from '../texts';

/** What fields need of their surroundings: the server, the form, the titles of ids. */
export interface FieldsScope {
  api: Api;
  form: Pick<CompiledForm, 'ref' | 'currency' | 'zone'>;
  display: Display;
  /** Titles learnt by picking are added here. */
  learn(more: Display): void;
  /** The record as it is being filled, for pickers that depend on it. */
  data?(): RecordData;
}

const Scope = createContext<FieldsScope | null>(null);
export const FieldsProvider = Scope.Provider;

export function useFields(): FieldsScope {
  const s = useContext(Scope);
  if (!s) throw new Error('field used outside FieldsProvider');
  return s;
}

/** What the text of a value depends on. */
export function useDisplayContext(): DisplayContext {
  const { display, form } = useFields();
  return { display, lang: useLang(), zone: form.zone, currency: form.currency };
}

/** What an edit control of a field type gets. `value` is a wire value, undefined = unset. */
export interface EditProps<V = unknown> {
  field: Field;
  value: V | undefined;
  onChange(value: V | undefined): void;
  onBlur?(): void;
  id: string;
  labelId: string;
  describedBy?: string;
  invalid: boolean;
  required: boolean;
  disabled?: boolean;
  /** In a grid cell: no room for more than one line. */
  dense?: boolean;
  /** Writes other fields of the record or row (fill of a relation). */
  onFill?(values: RecordData): void;
  /** JSON pointer of the value, for what must be known to the server. */
  path: string;
}
