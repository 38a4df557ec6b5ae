import { useState } from 'react';
import { useT } from '../../texts';
import { Button } from '../context';
import { OptionList, SearchField, searchChoices, searchFrom } from '../shared/option-list';
import { Sheet } from '../shared/sheet';
import type { Choice, MultiSelectProps, SelectProps } from '../types';
import { Trigger } from './trigger';

/** One of several: a sheet with a list, searched from eight options on. */
export function Select({ choices, value, onChange, ...rest }: SelectProps) {
  const [open, setOpen] = useState(false);
  const chosen = choices.find((c) => c.value === value);
  return (
    <>
      <Trigger
        {...rest}
        text={chosen?.text ?? value}
        open={open}
        onClick={() => setOpen(true)}
        onClear={rest.required ? undefined : () => onChange('')}
      />
      <ChoiceSheet
        open={open}
        title={rest.label ?? ''}
        choices={choices}
        chosen={value ? [value] : []}
        onPick={(c) => {
          onChange(c.value);
          setOpen(false);
          rest.onBlur?.();
        }}
        onClose={() => setOpen(false)}
      />
    </>
  );
}

/** Several of many: a sheet that stays open until it is confirmed. */
export function MultiSelect({ choices, value, onChange, ...rest }: MultiSelectProps) {
  const t = useT();
  const [draft, setDraft] = useState<string[] | null>(null);
  const text = value.map((v) => choices.find((c) => c.value === v)?.text ?? v).join('、');
  const close = () => setDraft(null);
  return (
    <>
      <Trigger {...rest} text={text} open={!!draft} onClick={() => setDraft(value)} />
      <ChoiceSheet
        open={!!draft}
        multiple
        title={rest.label ?? ''}
        choices={choices}
        chosen={draft ?? []}
        onPick={(c) => setDraft((d) => toggle(d ?? [], c.value))}
        onClose={close}
        footer={
          <>
            <Button onClick={() => setDraft([])}>{t('ui.clearValue')}</Button>
            <Button
              kind="primary"
              onClick={() => {
                // In the order of the options, whatever the order of touching.
                onChange(choices.filter((c) => draft?.includes(c.value)).map((c) => c.value));
                close();
              }}
            >
              {draft?.length ? `${t('common.ok')} (${draft.length})` : t('common.ok')}
            </Button>
          </>
        }
      />
    </>
  );
}

export function toggle(list: string[], value: string): string[] {
  return list.includes(value) ? list.filter((x) => x !== value) : [...list, value];
}

function ChoiceSheet(props: {
  open: boolean;
  title: string;
  choices: Choice[];
  chosen: string[];
  multiple?: boolean;
  onPick(c: Choice): void;
  onClose(): void;
  footer?: React.ReactNode;
}) {
  const t = useT();
  const [query, setQuery] = useState('');
  const { choices, title } = props;
  return (
    <Sheet open={props.open} title={title || t('common.select')} onClose={props.onClose} footer={props.footer}>
      {choices.length >= searchFrom && (
        <SearchField value={query} onChange={setQuery} label={t('form.searchOptions')} />
      )}
      <OptionList
        choices={query ? searchChoices(choices, query) : choices}
        chosen={props.chosen}
        multiple={props.multiple}
        label={title}
        onPick={props.onPick}
      />
    </Sheet>
  );
}
