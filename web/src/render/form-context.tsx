import { type ReadonlySignal, type Signal, signal } from '@preact/signals-core';
import { createContext, useCallback, useContext, useSyncExternalStore } from 'react';
import type { FormState } from '../core/form';

/** The present value of a signal; the component follows it, and nothing else. */
export function useSignal<T>(s: ReadonlySignal<T>): T {
  const subscribe = useCallback((changed: () => void) => s.subscribe(() => changed()), [s]);
  return useSyncExternalStore(subscribe, () => s.peek());
}

export interface FormScope {
  state: FormState;
  /** The place that is to be made visible: closed rows, tabs and steps on the way open themselves. */
  reveal: Signal<string>;
  /** Mark fields that may be edited: most of the form may not. */
  mark: boolean;
}

const Context = createContext<FormScope | null>(null);
export const FormProvider = Context.Provider;

export function useFormScope(): FormScope {
  const s = useContext(Context);
  if (!s) throw new Error('form part used outside FormRenderer');
  return s;
}

export const newReveal = () => signal('');

/** The DOM id of a field's control, or of a column's in a row. */
export const controlId = (key: string, row?: string, column?: string) =>
  row ? `f-${key}-${row}-${column}` : `f-${key}`;

/** The field key a JSON pointer leads into. */
export const keyOf = (pointer: string) => pointer.split('/')[1] ?? '';

/** The id of the control a pointer names: "/lines/0/qty" by the row's id. */
export function idOf(state: FormState, pointer: string): string {
  const [, key = '', index, column] = pointer.split('/');
  const row = index === undefined ? undefined : state.table(key)?.rows.peek()[Number(index)];
  return row && column ? controlId(key, row.id, column) : controlId(key);
}

/** Opens what hides the place, scrolls it into the middle and gives it the focus. */
export function focusPlace(scope: Pick<FormScope, 'state' | 'reveal'>, pointer: string) {
  scope.reveal.value = '';
  scope.reveal.value = pointer;
  let tries = 0;
  const go = () => {
    const el =
      document.getElementById(idOf(scope.state, pointer)) ??
      document.getElementById(`${idOf(scope.state, pointer)}-box`);
    // What is revealed may have to be drawn, or even loaded, first.
    if (!el && tries++ < 30) return void requestAnimationFrame(go);
    if (!el) return;
    el.scrollIntoView({
      block: 'center',
      behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth',
    });
    el.focus({ preventScroll: true });
  };
  requestAnimationFrame(go);
}
