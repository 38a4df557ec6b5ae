import { Cascade, CheckboxGroup, MultiSelect, RadioGroup, Select, Switch, TextInput } from '../../kit';
import type { EditProps } from '../context';
import { asList, asText } from '../view';

const orUnset = (list: string[]) => (list.length ? list : undefined);

/** radio; in a grid a drop-down, where there is no room for chips. */
export function RadioEdit({ field, value, onChange, ...rest }: EditProps) {
  const Control = rest.dense ? Select : RadioGroup;
  return (
    <Control
      {...rest}
      label={field.title}
      choices={field.options ?? []}
      value={asText(value)}
      onChange={(v) => onChange(v || undefined)}
    />
  );
}

export function SelectEdit({ field, value, onChange, ...rest }: EditProps) {
  return (
    <Select
      {...rest}
      label={field.title}
      placeholder={field.placeholder}
      choices={field.options ?? []}
      value={asText(value)}
      onChange={(v) => onChange(v || undefined)}
    />
  );
}

export function CheckboxEdit({ field, value, onChange, ...rest }: EditProps) {
  const Control = rest.dense ? MultiSelect : CheckboxGroup;
  return (
    <Control
      {...rest}
      label={field.title}
      choices={field.options ?? []}
      value={asList(value)}
      onChange={(v) => onChange(orUnset(v))}
    />
  );
}

export function MultiSelectEdit({ field, value, onChange, ...rest }: EditProps) {
  return (
    <MultiSelect
      {...rest}
      label={field.title}
      placeholder={field.placeholder}
      choices={field.options ?? []}
      value={asList(value)}
      onChange={(v) => onChange(orUnset(v))}
    />
  );
}

/** cascade, and region when it comes with options; a region without any is typed, levels parted by a slash. */
export function CascadeEdit({ field, value, onChange, ...rest }: EditProps) {
  const path = asList(value);
  if (!field.options?.length) {
    return (
      <TextInput
        {...rest}
        label={field.title}
        placeholder={field.placeholder ?? '浙江省/杭州市/西湖区'}
        value={path.join('/')}
        onChange={(v) => onChange(orUnset(v.split('/').map((x) => x.trim())))}
        onBlur={() => {
          onChange(orUnset(path.filter(Boolean)));
          rest.onBlur?.();
        }}
      />
    );
  }
  return (
    <Cascade
      {...rest}
      label={field.title}
      choices={field.options}
      value={path}
      onChange={(v) => onChange(orUnset(v))}
    />
  );
}

export function SwitchEdit({ field, value, onChange, ...rest }: EditProps) {
  return <Switch {...rest} label={field.title} value={value === true} onChange={onChange} />;
}
