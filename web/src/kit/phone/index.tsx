import './phone.css';
import { type ComponentType, lazy } from 'react';
import type { Kit, MultiSelectProps } from '../types';
import { DateInput, TimeInput } from './date';
import { Button, CheckboxGroup, RadioGroup, Switch, TextArea, TextInput } from './inputs';
import { MultiSelect, Select } from './select';

/** The controls of a phone: thin ones of our own, antd-mobile where there is behaviour, heavy ones lazy. */
export const kit: Kit = {
  Button,
  TextInput,
  TextArea,
  Select,
  MultiSelect,
  RadioGroup,
  CheckboxGroup,
  Cascade: lazy(() => import('./cascade').then((m) => ({ default: m.Cascade as ComponentType<MultiSelectProps> }))),
  RemoteSelect: lazy(() => import('./remote-select')),
  Switch,
  DateInput,
  TimeInput,
  Rate: lazy(() => import('./rate')),
  Slider: lazy(() => import('./slider')),
  Provider: ({ children }) => children,
};
