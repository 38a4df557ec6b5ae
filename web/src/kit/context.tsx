import {
  type ComponentType,
  createContext,
  type ReactNode,
  Suspense,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react';
import { useLang } from '../texts';
import type {
  ButtonProps,
  ControlProps,
  DateProps,
  Kit,
  Mode,
  MultiSelectProps,
  RateProps,
  RemoteSelectProps,
  SelectProps,
  SliderProps,
  TextAreaProps,
  TextInputProps,
  TimeProps,
} from './types';

interface Surface {
  mode: Mode;
  kit: Kit;
}

const SurfaceContext = createContext<Surface | null>(null);

/** From this width of the container on, the desktop layout is shown. */
export const desktopFrom = 768;

const loaders: Record<Mode, () => Promise<{ kit: Kit }>> = {
  phone: () => import('./phone'),
  desktop: () => import('./desktop'),
};

/**
 * Measures its own box, loads the matching set of controls and shows the
 * children with it. State outside React (the form) survives a change of mode.
 */
export function SurfaceProvider({ children, waiting }: { children: ReactNode; waiting?: ReactNode }) {
  const box = useRef<HTMLDivElement>(null);
  const [surface, setSurface] = useState<Surface | null>(null);
  const lang = useLang();

  useEffect(() => {
    const el = box.current;
    if (!el) return;
    let wanted: Mode | undefined;
    const measure = () => {
      const mode: Mode = el.clientWidth >= desktopFrom ? 'desktop' : 'phone';
      if (mode === wanted) return;
      wanted = mode;
      loaders[mode]().then(({ kit }) => {
        if (wanted === mode) setSurface({ mode, kit });
      });
    };
    measure();
    const watch = new ResizeObserver(measure);
    watch.observe(el);
    return () => watch.disconnect();
  }, []);

  return (
    <div ref={box} className={`fw-surface fw-${surface?.mode ?? 'loading'}`}>
      {surface ? (
        <SurfaceContext.Provider value={surface}>
          <surface.kit.Provider lang={lang}>{children}</surface.kit.Provider>
        </SurfaceContext.Provider>
      ) : (
        waiting
      )}
    </div>
  );
}

function useSurface(): Surface {
  const s = useContext(SurfaceContext);
  if (!s) throw new Error('kit used outside SurfaceProvider');
  return s;
}

/** The layout mode of the surrounding surface. */
export const useMode = (): Mode => useSurface().mode;

/** A control of the present surface; its chunk may still be on the way. */
function control<P extends object>(pick: (kit: Kit) => ComponentType<P>): ComponentType<P> {
  return function Control(props: P) {
    const C = pick(useSurface().kit);
    return (
      <Suspense fallback={<span className="fw-control-wait" aria-hidden="true" />}>
        <C {...props} />
      </Suspense>
    );
  };
}

export const Button = control<ButtonProps>((k) => k.Button);
export const TextInput = control<TextInputProps>((k) => k.TextInput);
export const TextArea = control<TextAreaProps>((k) => k.TextArea);
export const Select = control<SelectProps>((k) => k.Select);
export const MultiSelect = control<MultiSelectProps>((k) => k.MultiSelect);
export const RadioGroup = control<SelectProps>((k) => k.RadioGroup);
export const CheckboxGroup = control<MultiSelectProps>((k) => k.CheckboxGroup);
export const Cascade = control<MultiSelectProps>((k) => k.Cascade);
export const RemoteSelect = control<RemoteSelectProps>((k) => k.RemoteSelect);
export const Switch = control<ControlProps<boolean>>((k) => k.Switch);
export const DateInput = control<DateProps>((k) => k.DateInput);
export const TimeInput = control<TimeProps>((k) => k.TimeInput);
export const Rate = control<RateProps>((k) => k.Rate);
export const Slider = control<SliderProps>((k) => k.Slider);
