import './form.css';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import type { Api, CompiledForm, Field, LayoutItem } from '../core/api';
import type { FormState } from '../core/form';
import { FieldsProvider } from '../fields/context';
import { Icon, useMode } from '../kit';
import { useT } from '../texts';
import { FieldItem } from './field-item';
import { FormProvider, type FormScope, useFormScope, useSignal } from './form-context';

const FormParts = lazy(() => import('./form-parts'));
const Subtable = lazy(() => import('./subtable/edit'));

export interface FormRendererProps {
  api: Api;
  state: FormState;
  reveal: FormScope['reveal'];
  /** Only these fields, in one section: what may be edited at a node. */
  only?: string[];
  mark?: boolean;
}

/** A record being filled, on either surface. Everything that changes is in the state; this only draws. */
export function FormRenderer({ api, state, reveal, only, mark = false }: FormRendererProps) {
  const t = useT();
  const mode = useMode();
  const display = useSignal(state.display);
  const { form } = state;
  const fields = useMemo(() => {
    const here = form.fields.filter(
      (f) => (mode === 'phone' ? !f.noMobile : !f.noDesktop) && (!only || only.includes(f.key)),
    );
    return new Map(here.map((f) => [f.key, f]));
  }, [form, mode, only]);
  const layout = useMemo(
    () => (only ? [{ kind: 'section' as const, columns: 1, fields: only }] : complete(form, t)),
    [form, only, t],
  );
  const scope = useMemo(() => ({ state, reveal, mark }), [state, reveal, mark]);
  const fieldScope = useMemo(
    () => ({ api, form, display, learn: (d: object) => state.learn(d), data: () => state.data() }),
    [api, form, display, state],
  );
  return (
    <FormProvider value={scope}>
      <FieldsProvider value={fieldScope}>
        <div className="fw-form">
          <FormErrors state={state} />
          <Items items={layout} fields={fields} />
        </div>
      </FieldsProvider>
    </FormProvider>
  );
}

/** The layout with a last section for fields it does not name. */
function complete(form: CompiledForm, t: ReturnType<typeof useT>): LayoutItem[] {
  const named = new Set<string>();
  const walk = (items: LayoutItem[]) => {
    for (const x of items) {
      for (const f of x.fields ?? []) named.add(f);
      walk(x.items ?? []);
    }
  };
  walk(form.layout ?? []);
  const rest = form.fields.map((f) => f.key).filter((k) => !named.has(k));
  if (!rest.length) return form.layout ?? [];
  const last: LayoutItem = { kind: 'section', title: named.size ? t('ui.hiddenFields') : '', columns: 2, fields: rest };
  return [...(form.layout ?? []), last];
}

function FormErrors({ state }: { state: FormState }) {
  const errors = useSignal(state.errors.form);
  const warnings = useSignal(state.errors.warnings);
  if (!errors.length && !warnings.length) return null;
  return (
    <div className="fw-form-errors" role="alert">
      {[...errors, ...warnings].map((e) => (
        <p key={e.path + e.message} data-warning={warnings.includes(e) || undefined}>
          <Icon name="warn" size={16} />
          {e.message}
        </p>
      ))}
    </div>
  );
}

type Fields = Map<string, Field>;

function Items({ items, fields }: { items: LayoutItem[]; fields: Fields }) {
  return (
    <>
      {items.map((x, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a layout never changes while it is shown
        <Item key={i} item={x} fields={fields} />
      ))}
    </>
  );
}

function Item({ item, fields }: { item: LayoutItem; fields: Fields }) {
  if (item.kind === 'tabs' || item.kind === 'steps') {
    return (
      <Suspense fallback={null}>
        <FormParts item={item} fields={fields} draw={(part) => <Part item={part} fields={fields} />} />
      </Suspense>
    );
  }
  if (item.kind === 'note') return <p className="fw-note">{item.text || item.title}</p>;
  if (item.kind === 'divider') return <hr className="fw-divider" />;
  return <Section item={item} fields={fields} />;
}

/** A tab or step: its own title is shown already. */
function Part({ item, fields }: { item: LayoutItem; fields: Fields }) {
  if (item.fields?.length) return <Section item={{ ...item, title: undefined }} fields={fields} />;
  return <Items items={item.items ?? []} fields={fields} />;
}

function Section({ item, fields }: { item: LayoutItem; fields: Fields }) {
  const keys = (item.fields ?? []).filter((k) => fields.has(k));
  const any = useAnyVisible(keys);
  if (!any && !item.items?.length) return null;
  const plain = keys.flatMap((k) => fields.get(k) ?? []);
  return (
    <section className="fw-card fw-section">
      {item.title && !isOwnTitle(item.title, plain) && <h2>{item.title}</h2>}
      <div className="fw-fields" style={{ '--fw-columns': item.columns || 2 } as React.CSSProperties}>
        {plain.map((f) =>
          f.type === 'subtable' ? (
            <Suspense key={f.key} fallback={<div className="fw-field" data-whole="" />}>
              <Subtable field={f} />
            </Suspense>
          ) : (
            <FieldItem key={f.key} field={f} />
          ),
        )}
      </div>
      {item.items && <Items items={item.items} fields={fields} />}
    </section>
  );
}

/** A section that is one sub-table of the same name: the table's own head says it. */
const isOwnTitle = (title: string, fields: Field[]) =>
  fields.length === 1 && fields[0]?.type === 'subtable' && fields[0].title === title;

/** Whether one of the fields is shown now: a section without any is not drawn. */
function useAnyVisible(keys: string[]): boolean {
  const { state } = useFormScope();
  const read = () => keys.some((k) => state.state(k).peek().visible);
  const [any, setAny] = useState(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: keys are the same as long as the layout is
  useEffect(() => state.changes.subscribe(() => setAny(read())), [state]);
  return any;
}
