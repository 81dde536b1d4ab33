/**
 * Direct preference optimisation: h = beta ((log p - log ref)(chosen) - (log p - log ref)(rejected)), and the loss of a pair is
 * -(1 - e) log sigmoid(h) - e log sigmoid(-h). Sources: Rafailov et al. 2023, eq. 7; with label smoothing e, the chance that a label is
 * wrong, Mitchell 2023 (conservative DPO). Names are those of the DPOTrainer of TRL 1.13, whose `loss_type` this is: `sigmoid`.
 */
export interface DpoSettings {
  /** How closely the policy stays with its reference; above 0. */
  readonly beta: number;
  /** 0 to below 0.5; 0 is plain DPO. */
  readonly label_smoothing: number;
}

/** The defaults of TRL 1.13. */
export const DPO_DEFAULTS: DpoSettings = { beta: 0.1, label_smoothing: 0 };

/** Log-probability of a whole completion, nats, under the policy and under the reference. */
export interface Likelihood {
  readonly logp: number;
  readonly ref: number;
}

export interface PreferencePair {
  readonly chosen: Likelihood;
  readonly rejected: Likelihood;
}

export interface DpoTerm {
  readonly pair: PreferencePair;
  readonly loss: number;
  /** dLoss/dlogp of the chosen completion, and so of each of its tokens; that of the rejected one is its negative. */
  readonly slope: number;
  /** beta (log p - log ref), the rewards that the policy implies. */
  readonly chosen: number;
  readonly rejected: number;
}

/** The loss of one pair and its derivatives; finite wherever the log-probs are. */
export function dpoTerm(
  pair: PreferencePair,
  { beta, label_smoothing: smoothing }: DpoSettings,
): DpoTerm {
  const implied = ({ logp, ref }: Likelihood) => beta * (logp - ref);
  const [chosen, rejected] = [implied(pair.chosen), implied(pair.rejected)];
  const h = chosen - rejected;
  const loss = (1 - smoothing) * softplus(-h) + smoothing * softplus(h);
  // d softplus(x)/dx = sigmoid(x)
  const slope = beta * (smoothing * sigmoid(h) - (1 - smoothing) * sigmoid(-h));
  return { pair, loss, slope, chosen, rejected };
}

/** Means over pairs, by the names of TRL 1.13. */
export interface DpoMetrics {
  readonly loss: number;
  readonly 'rewards/chosen': number;
  readonly 'rewards/rejected': number;
  readonly 'rewards/margins': number;
  /** Share of pairs whose chosen completion has the higher implied reward. */
  readonly 'rewards/accuracies': number;
  /** Log-probability of a whole completion under the policy, nats. */
  readonly 'logps/chosen': number;
  readonly 'logps/rejected': number;
}

/** @throws RangeError without a pair */
export function dpoMetrics(terms: readonly DpoTerm[]): DpoMetrics {
  if (terms.length === 0) throw new RangeError('no pair');
  const mean = (of: (term: DpoTerm) => number) =>
    terms.reduce((sum, term) => sum + of(term), 0) / terms.length;
  return {
    loss: mean(({ loss }) => loss),
    'rewards/chosen': mean(({ chosen }) => chosen),
    'rewards/rejected': mean(({ rejected }) => rejected),
    'rewards/margins': mean(({ chosen, rejected }) => chosen - rejected),
    'rewards/accuracies': mean(({ chosen, rejected }) => Number(chosen > rejected)),
    'logps/chosen': mean(({ pair }) => pair.chosen.logp),
    'logps/rejected': mean(({ pair }) => pair.rejected.logp),
  };
}

/** log(1 + e^x), without overflow. */
function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

function sigmoid(x: number): number {
  return x >= 0 ? 1 / (1 + Math.exp(-x)) : Math.exp(x) / (1 + Math.exp(x));
}
