import type { ComponentType, ReactNode } from 'react';

/** What every control that holds a value takes. */
export interface ControlProps<V> {
  id?: string;
  value: V;
  onChange(value: V): void;
  /** The visible name, used as the title of a sheet. */
  label?: string;
  /** Id of the element that shows the name. */
  labelId?: string;
  /** Ids of help and error texts. */
  describedBy?: string;
  invalid?: boolean;
  required?: boolean;
  disabled?: boolean;
  placeholder?: string;
  onBlur?(): void;
}

/** One choice. */
export interface Choice {
  value: string;
  text: string;
  color?: string;
  disabled?: boolean;
  children?: Choice[];
}

export interface ButtonProps {
  kind?: 'primary' | 'default' | 'danger' | 'text';
  size?: 'small' | 'middle' | 'large';
  block?: boolean;
  loading?: boolean;
  disabled?: boolean;
  type?: 'button' | 'submit';
  icon?: ReactNode;
  /** Name for a button that shows only an icon. */
  name?: string;
  onClick?(): void;
  children?: ReactNode;
  className?: string;
}

export interface TextInputProps extends ControlProps<string> {
  type?: 'text' | 'password' | 'email' | 'tel' | 'url' | 'search' | 'color';
  inputMode?: 'text' | 'decimal' | 'numeric' | 'tel' | 'email' | 'url' | 'search';
  maxLength?: number;
  autoComplete?: string;
  autoFocus?: boolean;
  prefix?: ReactNode;
  suffix?: ReactNode;
  align?: 'left' | 'right';
  onFocus?(): void;
  onEnter?(): void;
}

export interface TextAreaProps extends ControlProps<string> {
  maxLength?: number;
  rows?: number;
  autoFocus?: boolean;
}

export interface SelectProps extends ControlProps<string> {
  choices: Choice[];
}

export interface MultiSelectProps extends ControlProps<string[]> {
  choices: Choice[];
}

/** One thing found by a search on the server. */
export interface Found {
  value: string;
  text: string;
  /** Second line: a department, more fields of a record. */
  note?: string;
}

/** One page of what was found. */
export interface FoundPage<F extends Found = Found> {
  items: F[];
  next?: string;
}

/** Chooses things by searching on the server; the value is a list of ids also when only one may be chosen. */
export interface RemoteSelectProps extends Omit<ControlProps<string[]>, 'onChange'> {
  multiple?: boolean;
  /** The title of an id that is already chosen. */
  titleOf(id: string): string;
  load(query: string, cursor: string, signal: AbortSignal): Promise<FoundPage>;
  onChange(ids: string[], picked: Found[]): void;
  /** Shown first while nothing is searched for. */
  recent?: Found[];
  avatar?: boolean;
}

/** How precisely a date is kept. */
export type Precision = 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second';

/** The value is local: "2026", "2026-03", "2026-03-01" or "2026-03-01 08:30[:00]"; "" = unset. */
export interface DateProps extends ControlProps<string> {
  precision: Precision;
  min?: string;
  max?: string;
}

/** The value is "15:04" or "15:04:05"; "" = unset. */
export interface TimeProps extends ControlProps<string> {
  seconds?: boolean;
}

export interface RateProps extends ControlProps<number> {
  count: number;
}

export interface SliderProps extends ControlProps<number> {
  min: number;
  max: number;
  step: number;
}

export interface MenuAction {
  key: string;
  text: string;
  danger?: boolean;
  disabled?: boolean;
  onClick(): void;
}

export interface MenuProps {
  /** Name of the menu, its title on a phone. */
  title: string;
  actions: MenuAction[];
  /** What opens the menu; it gets the handler and aria attributes. */
  children: (open: { onClick(): void; 'aria-haspopup': 'menu'; 'aria-expanded': boolean }) => ReactNode;
}

/** The controls that differ between a phone and a desktop. Everything else in the kit is shared. */
export interface Kit {
  Button: ComponentType<ButtonProps>;
  TextInput: ComponentType<TextInputProps>;
  TextArea: ComponentType<TextAreaProps>;
  Select: ComponentType<SelectProps>;
  MultiSelect: ComponentType<MultiSelectProps>;
  RadioGroup: ComponentType<SelectProps>;
  CheckboxGroup: ComponentType<MultiSelectProps>;
  /** The value is the path of chosen option values. */
  Cascade: ComponentType<MultiSelectProps>;
  RemoteSelect: ComponentType<RemoteSelectProps>;
  Switch: ComponentType<ControlProps<boolean>>;
  DateInput: ComponentType<DateProps>;
  TimeInput: ComponentType<TimeProps>;
  Rate: ComponentType<RateProps>;
  Slider: ComponentType<SliderProps>;
  /** Wraps the surface: theme and locale of the control library. */
  Provider: ComponentType<{ lang: string; children: ReactNode }>;
}

/** Which layout is shown; it follows the width of the container, not of the window. */
export type Mode = 'phone' | 'desktop';
