import './form.css';
import { lazy, type ReactNode, Suspense, useEffect, useMemo, useState } from 'react';
import type { Api, CompiledForm, Field, LayoutItem } from '../core/api';
import type { FormState } from '../core/form';
import { FieldsProvider } from '../fields/context';
import { Button, Icon, Tabs, useMode } from '../kit';
import { useT } from '../texts';
import { FieldItem } from './field-item';
import { FormProvider, type FormScope, keyOf, useFormScope, useSignal } from './form-context';

const Subtable = lazy(() => import('../fields/subtable/edit'));

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
  if (item.kind === 'tabs') return <TabsItem item={item} fields={fields} />;
  if (item.kind === 'steps') return <StepsItem item={item} fields={fields} />;
  if (item.kind === 'note') return <p className="fw-note">{item.text || item.title}</p>;
  if (item.kind === 'divider') return <hr className="fw-divider" />;
  return <Section item={item} fields={fields} />;
}

function Section({ item, fields }: { item: LayoutItem; fields: Fields }) {
  const keys = (item.fields ?? []).filter((k) => fields.has(k));
  const any = useAnyVisible(keys);
  if (!any && !item.items?.length) return null;
  const plain = keys.flatMap((k) => fields.get(k) ?? []);
  return (
    <section className="fw-card fw-section">
      {item.title && <h2>{item.title}</h2>}
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

/** Whether one of the fields is shown now: a section without any is not drawn. */
function useAnyVisible(keys: string[]): boolean {
  const { state } = useFormScope();
  const read = () => keys.some((k) => state.state(k).peek().visible);
  const [any, setAny] = useState(read);
  // biome-ignore lint/correctness/useExhaustiveDependencies: keys are the same as long as the layout is
  useEffect(() => state.changes.subscribe(() => setAny(read())), [state]);
  return any;
}

/** All field keys of a part of the layout. */
function keysIn(item: LayoutItem): string[] {
  return [...(item.fields ?? []), ...(item.items ?? []).flatMap(keysIn)];
}

/** The index of the part to open for a place that must be seen. */
function useRevealed(items: LayoutItem[]): [number, (i: number) => void] {
  const { reveal } = useFormScope();
  const [at, setAt] = useState(0);
  useEffect(
    () =>
      reveal.subscribe((pointer) => {
        const i = pointer ? items.findIndex((x) => keysIn(x).includes(keyOf(pointer))) : -1;
        if (i >= 0) setAt(i);
      }),
    [reveal, items],
  );
  return [at, setAt];
}

function useInvalidParts(items: LayoutItem[]): boolean[] {
  const { state } = useFormScope();
  const errors = useSignal(state.errors.all);
  return items.map((x) => {
    const keys = keysIn(x);
    return errors.some((e) => keys.includes(keyOf(e.path)));
  });
}

function TabsItem({ item, fields }: { item: LayoutItem; fields: Fields }) {
  const t = useT();
  const items = item.items ?? [];
  const [at, setAt] = useRevealed(items);
  const invalid = useInvalidParts(items);
  const tabs = items.map((x, i) => ({
    key: String(i),
    title: x.title ?? t('ui.stepOf', { n: i + 1, m: items.length }),
    invalid: invalid[i],
  }));
  const now = items[at];
  return (
    <div className="fw-form-tabs">
      <Tabs items={tabs} active={String(at)} onChange={(k) => setAt(Number(k))} label={item.title ?? ''}>
        {now && <Parts item={now} fields={fields} />}
      </Tabs>
    </div>
  );
}

/** A tab or step: its own title is shown already. */
function Parts({ item, fields }: { item: LayoutItem; fields: Fields }): ReactNode {
  if (item.fields?.length) return <Section item={{ ...item, title: undefined }} fields={fields} />;
  return <Items items={item.items ?? []} fields={fields} />;
}

function StepsItem({ item, fields }: { item: LayoutItem; fields: Fields }) {
  const t = useT();
  const items = item.items ?? [];
  const [at, setAt] = useRevealed(items);
  const invalid = useInvalidParts(items);
  const now = items[at];
  return (
    <div className="fw-steps">
      <ol className="fw-steps-head" aria-label={t('ui.stepOf', { n: at + 1, m: items.length })}>
        {items.map((x, i) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: steps never move
          <li key={i} data-state={i < at ? 'past' : i === at ? 'now' : 'ahead'}>
            <button type="button" aria-current={i === at ? 'step' : undefined} onClick={() => setAt(i)}>
              <span className="fw-step-no">{invalid[i] ? '!' : i + 1}</span>
              {x.title}
            </button>
          </li>
        ))}
      </ol>
      {now && <Parts item={now} fields={fields} />}
      <div className="fw-steps-foot">
        {at > 0 && <Button onClick={() => setAt(at - 1)}>{t('ui.stepBack')}</Button>}
        {at < items.length - 1 && (
          <Button kind="primary" onClick={() => setAt(at + 1)}>
            {t('ui.stepNext')}
          </Button>
        )}
      </div>
    </div>
  );
}
