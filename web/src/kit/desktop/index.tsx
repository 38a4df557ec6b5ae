import './desktop.css';
import { ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import dayjs from 'dayjs';
import 'dayjs/locale/zh-cn';
import { type ReactNode, useEffect } from 'react';
import type { Kit } from '../types';
import {
  Button,
  Cascade,
  CheckboxGroup,
  DateInput,
  MultiSelect,
  RadioGroup,
  Rate,
  Select,
  Slider,
  Switch,
  TextArea,
  TextInput,
  TimeInput,
} from './inputs';
import { RemoteSelect } from './remote-select';

/** The tokens of kit/tokens.css, for antd. */
const theme = {
  token: {
    colorPrimary: '#0068D6',
    colorLink: '#0068D6',
    // antd makes hovered fills lighter than white text on them can bear.
    colorPrimaryHover: '#0059B8',
    colorLinkHover: '#0059B8',
    colorError: '#C93500',
    colorErrorHover: '#A82C00',
    colorErrorBorderHover: '#A82C00',
    colorSuccess: '#007F38',
    colorText: '#171A1D',
    colorTextSecondary: '#666A70',
    colorTextPlaceholder: '#6a6e75',
    colorBgLayout: '#F2F2F6',
    borderRadius: 6,
    controlHeight: 34,
    fontFamily: 'inherit',
    // antd waits for the end of its movements: it must know that there are none.
    motion: !window.matchMedia('(prefers-reduced-motion: reduce)').matches,
  },
};

function Provider({ lang, children }: { lang: string; children: ReactNode }) {
  useEffect(() => {
    dayjs.locale(lang === 'en' ? 'en' : 'zh-cn');
  }, [lang]);
  return (
    <ConfigProvider theme={theme} locale={lang === 'en' ? enUS : zhCN}>
      {children}
    </ConfigProvider>
  );
}

/** The controls of a desktop: antd. */
export const kit: Kit = {
  Button,
  TextInput,
  TextArea,
  Select,
  MultiSelect,
  RadioGroup,
  CheckboxGroup,
  Cascade,
  RemoteSelect,
  Switch,
  DateInput,
  TimeInput,
  Rate,
  Slider,
  Provider,
};
