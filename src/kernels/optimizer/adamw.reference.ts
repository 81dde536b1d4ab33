/**
 * AdamW (Loshchilov & Hutter, arXiv 1711.05101) in float64, as torch.optim.AdamW after clip_grad_norm_. With n = |g| over all
 * parameters, and g scaled by min(1, limit / (n + 1e-6)) when there is a limit:
 *
 *   m = b1 m + (1 - b1) g        v = b2 v + (1 - b2) g^2
 *   p = p - lr wd p (where it decays) - lr (m / (1 - b1^t)) / (sqrt(v / (1 - b2^t)) + eps)
 *
 * If a gradient is not finite, nothing changes.
 */
import type { AdamWSettings } from './adamw.ts';

type Numbers = ArrayLike<number>;

export interface AdamWState {
  readonly parameters: Numbers;
  readonly m: Numbers;
  readonly v: Numbers;
}

export interface AdamWUpdate {
  readonly norm: number;
  readonly finite: boolean;
  readonly parameters: Float64Array;
  readonly m: Float64Array;
  readonly v: Float64Array;
  /** Sums of the absolute terms of each. */
  readonly magnitude: Record<'parameters' | 'm' | 'v', Float64Array>;
}

/** @param decayEnd parameters before this index decay */
export function adamW(
  s: AdamWSettings,
  state: AdamWState,
  gradients: Numbers,
  decayEnd: number,
): AdamWUpdate {
  const parameters = Float64Array.from(state.parameters);
  const m = Float64Array.from(state.m);
  const v = Float64Array.from(state.v);
  const magnitude = {
    parameters: parameters.map(Math.abs),
    m: m.map(Math.abs),
    v: v.map(Math.abs),
  };
  let squares = 0;
  for (let i = 0; i < gradients.length; i++) squares += gradients[i] ** 2;
  const norm = Math.sqrt(squares);
  const finite = Number.isFinite(norm);
  if (!finite) return { norm, finite, parameters, m, v, magnitude };
  const clip = s.maxGradNorm > 0 ? Math.min(1, s.maxGradNorm / (norm + 1e-6)) : 1;
  for (let i = 0; i < parameters.length; i++) {
    const g = gradients[i] * clip;
    magnitude.m[i] = Math.abs(s.beta1 * m[i]) + Math.abs((1 - s.beta1) * g);
    m[i] = s.beta1 * m[i] + (1 - s.beta1) * g;
    v[i] = s.beta2 * v[i] + (1 - s.beta2) * g * g;
    magnitude.v[i] = v[i];
    const decay = i < decayEnd ? s.learningRate * s.weightDecay * parameters[i] : 0;
    const step = 1 / (Math.sqrt(v[i] / (1 - s.beta2 ** s.step)) + s.epsilon);
    const unit = (s.learningRate * step) / (1 - s.beta1 ** s.step);
    magnitude.parameters[i] += Math.abs(decay) + unit * magnitude.m[i];
    parameters[i] -= decay + unit * m[i];
  }
  return { norm, finite, parameters, m, v, magnitude };
}
