import { type ReactNode, useEffect, useState } from 'react';
import type { Field, LayoutItem } from '../core/api';
import { Button, Tabs } from '../kit';
import { useT } from '../texts';
import { keyOf, useFormScope, useSignal } from './form-context';

export interface PartsProps {
  item: LayoutItem;
  fields: Map<string, Field>;
  /** Draws a part; given by the form, which draws these in turn. */
  draw(item: LayoutItem): ReactNode;
}

/** The parts of tabs or steps: the rarer layouts, loaded when a form has them. */
export default function FormParts(props: PartsProps) {
  return props.item.kind === 'tabs' ? <TabsItem {...props} /> : <StepsItem {...props} />;
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

function TabsItem({ item, draw }: PartsProps) {
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
        {now && draw(now)}
      </Tabs>
    </div>
  );
}

function StepsItem({ item, draw }: PartsProps) {
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
      {now && draw(now)}
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
