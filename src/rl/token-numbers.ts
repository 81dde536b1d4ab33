/**
 * Numbers that belong to single tokens of a completion, by name. A term or a method hands them over by name. One line here says what a
 * name means, and the sample browser then colours it, lists it in its table and explains it. A name without a line is shown as it is.
 */

/** Per completion, one number per token. A row is null or empty where the completion has no such numbers. */
export type TokenRows = Readonly<Record<string, readonly (ArrayLike<number> | null)[]>>;

/** What a token number is and how to read it. */
export interface TokenNumber {
  /** Its label in the menu of colours. */
  readonly label: string;
  /** Its label as a column head; `label` where absent. */
  readonly short?: string;
  /** Its unit; absent for a plain number. */
  readonly unit?: string;
  /** What it means, in one sentence. */
  readonly says: string;
  /** Its range: on both sides of the centre (diverging), or only below or above it (sequential). */
  readonly arms: 'both' | 'below' | 'above';
  /** The neutral value, which gets no colour. */
  readonly centre: number;
  /** Distances from the centre at which the colour gets stronger. They are fixed, so that steps can be compared. */
  readonly boundaries: readonly [number, number, number, number];
  /** True: it is a log-probability, and its probability is shown as well. */
  readonly logprob?: true;
  /** What is shown is the number with this name minus the recorded one. */
  readonly takenFrom?: string;
  /** True: it colours the tokens by default, wherever it was measured. */
  readonly leads?: true;
}

const ADVANTAGE_BOUNDARIES = [0.1, 0.5, 1, 1.5] as const;

const LEARNED_REWARD = {
  label: 'learned reward',
  short: 'reward',
  says: 'What the learned reward pays for the token: above 0 it looks like the expert’s.',
  arms: 'both',
  centre: 0,
  boundaries: [0.25, 0.75, 1.5, 2.5],
} as const satisfies TokenNumber;

const LEARNED_LOGIT = {
  label: 'logit of the learned reward',
  short: 'logit',
  says: 'What the reward model says at the token, before it is clipped and filled back.',
  arms: 'both',
  centre: 0,
  boundaries: [0.25, 0.75, 1.5, 2.5],
} as const satisfies TokenNumber;

/** In the order of the menu and the table. A reward term's own numbers are named `<term>/<name>`. */
export const TOKEN_NUMBERS = {
  logprob: {
    label: 'log-prob',
    unit: 'nats',
    says: 'How likely the token was when it was sampled.',
    arms: 'below',
    centre: 0,
    boundaries: [0.1, 0.5, 1, 2],
    logprob: true,
  },
  ref_logprob: {
    label: 'change since reference',
    short: 'change',
    unit: 'nats',
    says: 'How much likelier the token is than under the frozen reference.',
    arms: 'both',
    centre: 0,
    boundaries: [0.02, 0.1, 0.3, 1],
    takenFrom: 'logprob',
  },
  'sar/v': {
    label: 'what the question adds',
    short: 'question adds',
    unit: 'nats',
    says: 'How much likelier the question makes the token than it is alone.',
    arms: 'both',
    centre: 0,
    boundaries: [0.1, 0.5, 1, 1.5],
    leads: true,
  },
  learned_reward: LEARNED_REWARD,
  learned_logit: LEARNED_LOGIT,
  'learned/reward': LEARNED_REWARD,
  'learned/logit': LEARNED_LOGIT,
  taught: {
    label: 'what the teacher pays',
    short: 'taught',
    unit: 'nats',
    says: 'How much likelier the teacher, who sees the expert’s trace, finds the token than the policy that wrote it.',
    arms: 'both',
    centre: 0,
    boundaries: [0.1, 0.5, 1, 1.5],
    leads: true,
  },
  value: {
    label: 'value',
    says: 'The reward that the critic expects from this token on.',
    arms: 'both',
    centre: 0,
    boundaries: [0.1, 0.3, 0.6, 1],
  },
  advantage: {
    label: 'advantage',
    says: 'How much better than expected the token, or the whole answer, turned out.',
    arms: 'both',
    centre: 0,
    boundaries: ADVANTAGE_BOUNDARIES,
  },
} as const satisfies Readonly<Record<string, TokenNumber>>;

/** What is known of a token number; one without a line above is taken as a plain number about 0. */
export function tokenNumber(name: string): TokenNumber {
  const known: Readonly<Record<string, TokenNumber>> = TOKEN_NUMBERS;
  if (Object.hasOwn(known, name)) return known[name];
  return {
    label: name,
    says: `The number ${name} of the token.`,
    arms: 'both',
    centre: 0,
    boundaries: ADVANTAGE_BOUNDARIES,
  };
}
