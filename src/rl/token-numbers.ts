/**
 * Numbers that belong to single tokens of a completion, by name. A term or a method that has one hands it over by its name; one
 * line here says what it is, and the sample browser then colours it, tables it and explains it. A name without a line is shown
 * under that name.
 */

/** Per completion, one number per token. A row is null or empty where the completion's tokens have no such number. */
export type TokenRows = Readonly<Record<string, readonly (ArrayLike<number> | null)[]>>;

/** What a token number is and how it is read. */
export interface TokenNumber {
  /** In the menu of colours. */
  readonly label: string;
  /** At the head of a column; the label where it is absent. */
  readonly short?: string;
  /** What it is counted in; absent for a plain number. */
  readonly unit?: string;
  /** What it says, in one sentence. */
  readonly says: string;
  /** Where it can lie: on both sides of the centre (diverging), or only below or above it (sequential). */
  readonly arms: 'both' | 'below' | 'above';
  /** The value that says nothing and stays without colour. */
  readonly centre: number;
  /** Distances from the centre at which the colour gets stronger. They are fixed, so that two steps can be compared. */
  readonly boundaries: readonly [number, number, number, number];
  /** It is a log-probability: its probability is shown as well. */
  readonly logprob?: true;
  /** What is shown is the number of this name minus the recorded one. */
  readonly takenFrom?: string;
  /** Colours the tokens until somebody chooses, wherever it was measured. */
  readonly leads?: true;
}

const ADVANTAGE_BOUNDARIES = [0.1, 0.5, 1, 1.5] as const;

/** In the order of menu and table. A reward term's own numbers are named `<term>/<name>`. */
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
