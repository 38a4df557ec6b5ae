import type { Tone as FlowTone } from '../core/flow';
import type { Tone } from '../kit';

const tones: Record<FlowTone, Tone> = {
  neutral: 'neutral',
  active: 'brand',
  success: 'success',
  danger: 'danger',
  warning: 'warning',
};

/** The kit's tone of a flow's label. */
export const toneOf = (t: FlowTone): Tone => tones[t];
