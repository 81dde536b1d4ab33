import { type ChartLevel, type OwnChart, WATCHED } from '../../rl/methods/method.ts';
import { listText } from '../format.ts';
import { EMPTY_ANSWERS } from '../store/empty-answers.ts';
import { NOT_JUDGED } from './evaluation-curves.ts';
import type { ChartMethod, ChartRun, ChartTerm } from './runs.ts';
import type { Better } from './summary.ts';

/** One quantity in a chart. */
export interface LineSpec {
  /** Columns that may hold it, first choice first (names differ between versions of TRL). */
  readonly columns: readonly string[];
  /** Name at the line's end, where a chart shows more than one quantity. */
  readonly name?: string;
  /** Columns of an interval around it, low and high, drawn as a band. */
  readonly band?: readonly [string, string];
  /** Quantities after the first are thin. */
  readonly thin?: boolean;
  /** Where several runs are compared it is drawn only if the reader asks for it in the chart's menu: three runs of three lines cannot be read. */
  readonly aside?: boolean;
}

/** What one chart shows. */
export interface ChartSpec {
  readonly id: string;
  readonly title: string;
  readonly unit?: string;
  readonly size: 'hero' | 'mini' | 'half' | 'small';
  readonly lines: readonly LineSpec[];
  readonly better: Better;
  /** Measured at few steps: not smoothed, joined over the steps between, with dots. */
  readonly sparse?: boolean;
  /** The raw line stands faintly under the smoothed one. */
  readonly raw?: boolean;
  /** What the vertical axis spans at the least, in the quantity's own unit. */
  readonly least?: number;
  /** The quantity is a share, so its axis goes from 0 to 1 at the most. */
  readonly share?: boolean;
  /** Log scale unless the reader chooses otherwise. */
  readonly log?: boolean;
  /** Ink instead of the run's hue: the quantity is the machine's. Given one run only. */
  readonly ink?: boolean;
  /** Every line has its name at its end, also where runs share a quantity: a mix says nothing without its parts. */
  readonly nameEach?: boolean;
  /** Levels across the plot that the lines are compared with. */
  readonly levels?: readonly ChartLevel[];
  /** Why there is nothing to show; takes the place of the plot. */
  readonly off?: string;
  /** One line under the chart. */
  readonly note?: string;
  /** The longer explanation behind the help button. */
  readonly help?: string;
}

/** The names of what a chart leaves out as long as several runs are compared. */
export function namesAside({ lines }: Pick<ChartSpec, 'lines'>): string[] {
  return lines.flatMap(({ aside, name }) => (aside && name ? [name] : []));
}

/** The chart without it. */
export function withoutAsides(spec: ChartSpec): ChartSpec {
  return { ...spec, lines: spec.lines.filter(({ aside }) => !aside) };
}

/** A quantity between 0 and 1 is not magnified beyond a tenth of that, so that the noise of a first few steps stays small. */
export const LEAST_SHARE = 0.1;

const LOSS_HELP =
  'The loss is there for its gradient, which raises what scored above the rest and lowers what scored below. Its value says ' +
  'little: while the policy that is trained is the one that sampled, every ratio is 1, and what is left depends on how tokens ' +
  'are weighed. Watch the gradient norm and the reward instead.';

const SAMPLER_HELP =
  'The largest difference, over the step’s tokens, between the log-prob when a token was sampled and when it was ' +
  'trained on. The two run different kernels on the same weights; a gap above 1e−4 would mean that they disagree.';

/** Stands in every explanation of transferability. */
export const NEVER_ALONE =
  'Transferability is never read without accuracy, length and the receiver’s own rate.';

const TRANSFER_HELP =
  'Answers are cut anywhere, and another model, which is not trained, finishes them: the share that it finishes rightly. ' +
  `The thin line is the same model without any help. Only what is above it was handed over. ${NEVER_ALONE}`;

/** The warning under a chart of transferability, where a run has come to say almost nothing. */
export function emptyNote(runs: readonly ChartRun[]): Pick<ChartSpec, 'note'> {
  if (!runs.some(({ emptied }) => emptied)) return {};
  return { note: `${EMPTY_ANSWERS.title} ${EMPTY_ANSWERS.why}` };
}

const VALUE_HELP =
  'How much of what the returns vary by the value foretold, before it was trained on them: 1 is all, 0 no more than a ' +
  'constant would, below 0 it misleads. Near 0 the advantages are little but rewards less a mean.';

/** `answer_format` as a title: Answer format. */
export function titleOf(term: string): string {
  const words = term.replaceAll('_', ' ').replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The reward and its parts. */
export function rewardCharts(terms: readonly ChartTerm[]): readonly ChartSpec[] {
  const parts = terms.map(
    ({ term, label, weight }): ChartSpec => ({
      id: `rewards/${term}`,
      title: label ?? titleOf(term),
      unit: weight === 0 ? 'watched, not paid' : `× ${weightText(weight)}`,
      size: 'mini',
      lines: [{ columns: [`rewards/${term}/mean`, `rewards/${term}`] }],
      better: 'high',
      least: LEAST_SHARE,
    }),
  );
  const reward: ChartSpec = {
    id: 'reward',
    title: 'Reward',
    unit: 'per completion',
    size: 'hero',
    lines: [{ columns: ['reward'] }],
    better: 'high',
    least: LEAST_SHARE,
    raw: true,
  };
  return [reward, ...parts];
}

/**
 * Accuracy and length, what training was for; and what else evaluations measured on the way.
 * @param sampled false where a step samples nothing: lengths are then those of evaluations
 * @param watched what the verifier does instead of paying, as the method says (`MethodCharts.watched`)
 */
export function outcomeCharts(
  runs: readonly ChartRun[],
  sampled = true,
  watched?: string,
): readonly ChartSpec[] {
  return [
    accuracyChart(runs, 'eval', 'accuracy', 'held out', watched),
    {
      id: 'length',
      title: 'Completion length',
      unit: sampled ? 'tokens' : 'tokens, held out',
      size: 'half',
      lines: [sampled ? { columns: ['completions/mean_length'] } : banded('eval/mean_length')],
      better: 'none',
      least: 10,
      ...(!sampled && { sparse: true }),
    },
    ...(namesLike(runs, /^(eval_ood\/accuracy)$/).length > 0
      ? [accuracyChart(runs, 'eval_ood', 'accuracy-ood', 'out of distribution', watched)]
      : []),
    ...winRateCharts(runs, 'eval', 'win-rate', 'held out'),
    ...winRateCharts(runs, 'eval_ood', 'win-rate-ood', 'out of distribution'),
    ...transferChart(runs, 'eval', 'transfer', 'held out'),
    ...transferChart(runs, 'eval_ood', 'transfer-ood', 'out of distribution'),
  ];
}

const CHOSEN_HELP =
  'critic@N is how often the winner of a tournament among N answers is right, with the critic as the judge. Maj@N lets the same number of ' +
  'answers vote, and pass@N is the best that choosing can do.';

const ASIDE = { thin: true, aside: true } as const;

function accuracyChart(
  runs: readonly ChartRun[],
  prefix: 'eval' | 'eval_ood',
  id: string,
  unit: string,
  watched?: string,
): ChartSpec {
  const pass = largest(namesLike(runs, new RegExp(`^${prefix}/pass_at_(\\d+)$`)));
  const majority = largest(namesLike(runs, new RegExp(`^${prefix}/maj_at_(\\d+)$`)));
  const chosen = largest(namesLike(runs, new RegExp(`^${prefix}/tournament_at_(\\d+)$`)));
  const measured = (name: string) =>
    namesLike(runs, new RegExp(`^(${prefix}/${name})$`)).length > 0;
  const unjudged = measured('mean_length') && !measured('accuracy');
  return {
    id,
    title: 'Accuracy',
    unit,
    size: 'half',
    lines: [
      { ...banded(`${prefix}/accuracy`), name: 'accuracy' },
      ...chosen.map(({ name, k }) => ({ columns: [name], name: `critic@${k}`, ...ASIDE })),
      ...majority.map(({ name, k }) => ({ columns: [name], name: `Maj@${k}`, ...ASIDE })),
      ...pass.map(({ name, k }) => ({ columns: [name], name: `pass@${k}`, ...ASIDE })),
    ],
    better: 'high',
    least: LEAST_SHARE,
    share: true,
    sparse: true,
    ...(chosen.length > 0 && { help: CHOSEN_HELP }),
    ...watchedPart(runs, unit, watched),
    ...(unjudged && { off: NOT_JUDGED }),
  };
}

/** What the verifier does in each run, where it does not pay the one that is looked at. */
function watchedPart(
  runs: readonly ChartRun[],
  unit: string,
  watched: string | undefined,
): Pick<ChartSpec, 'unit' | 'note'> {
  if (watched === undefined) return {};
  const does = [...new Set([watched, ...runs.flatMap(({ verifier }) => verifier ?? [])])];
  const who = (clause: string) =>
    listText(runs.flatMap(({ verifier, label }) => (verifier === clause ? [label] : [])));
  const alone = does.length === 1;
  const whose = who(WATCHED);
  const only =
    watched === WATCHED && (alone ? ', watched only' : whose && `, watched only in ${whose}`);
  const sentences = does
    .filter((clause) => who(clause) !== '')
    .map((clause) => `In ${who(clause)} the verifier ${clause}.`);
  return {
    unit: `${unit}${only || ''}`,
    note: alone ? `Here the verifier ${watched}.` : sentences.join(' '),
  };
}

/** Transferability to every receiver that evaluations asked, over its own success from scratch. */
function transferChart(
  runs: readonly ChartRun[],
  prefix: 'eval' | 'eval_ood',
  id: string,
  unit: string,
): ChartSpec[] {
  const receivers = namesLike(runs, new RegExp(`^${prefix}/transfer/([a-z0-9-]+)$`));
  if (receivers.length === 0) return [];
  const lone = receivers.length === 1;
  return [
    {
      id,
      title: 'Transferability',
      unit,
      size: 'half',
      lines: receivers.flatMap(({ name, match }, i) => [
        { ...banded(name), name: lone ? 'transfer' : match, thin: i > 0 },
        {
          columns: [`${name}/scratch`],
          name: lone ? 'from scratch' : `${match}, scratch`,
          thin: true,
        },
      ]),
      better: 'high',
      least: LEAST_SHARE,
      share: true,
      sparse: true,
      help: TRANSFER_HELP,
      ...emptyNote(runs),
    },
  ];
}

const WIN_RATE_HELP =
  'How often an answer is better than the expert’s by a judge that training never sees, ties counted as half. At one half the two are ' +
  'equally good. The other chart has what that judge looks for.';

/** What a hidden judge looks for, by its column. */
const JUDGED: readonly { readonly part: string; readonly name: string }[] = [
  { part: 'rhyme', name: 'rhymes' },
  { part: 'metre', name: 'metre' },
  { part: 'topic', name: 'topic' },
  { part: 'fresh', name: 'no repeats' },
];

/** How answers do against the expert's where a hidden judge compares them. */
function winRateCharts(
  runs: readonly ChartRun[],
  prefix: 'eval' | 'eval_ood',
  id: string,
  unit: string,
): readonly ChartSpec[] {
  if (namesLike(runs, new RegExp(`^(${prefix}/win_rate)$`)).length === 0) return [];
  const common = {
    size: 'half',
    better: 'high',
    least: LEAST_SHARE,
    ...{ share: true, sparse: true, help: WIN_RATE_HELP },
  } as const;
  return [
    {
      ...{ ...common, id, title: 'Win rate', unit: `against the expert, ${unit}` },
      lines: [banded(`${prefix}/win_rate`)],
      levels: [{ value: 0.5, name: 'as good as the expert' }],
    },
    {
      ...{ ...common, id: `${id}-parts`, title: 'What the judge finds', unit: `share, ${unit}` },
      lines: JUDGED.map(({ part, name }, i) => ({
        ...{ columns: [`${prefix}/hidden/${part}`], name, thin: i > 0 },
      })),
      nameEach: true,
    },
  ];
}

/** A column with the interval that stands beside it. */
function banded(name: string): Pick<LineSpec, 'columns' | 'band'> {
  return { columns: [name], band: [`${name}_low`, `${name}_high`] };
}

/** The chart above the others where no terms are rewarded: what the method says it is after, or else its loss. */
export function methodChart({ main, lossNote: note }: ChartMethod): ChartSpec {
  if (main)
    return { ...ownChart(main), id: 'main', size: 'hero', raw: !main.beside, nameEach: true };
  return {
    id: 'loss',
    title: 'Loss',
    unit: 'nats per token',
    size: 'hero',
    lines: [{ columns: ['loss'] }],
    better: 'low',
    least: LEAST_SHARE,
    raw: true,
    ...(note && { note }),
  };
}

/** What the optimiser sees. */
export function trainingCharts(method: ChartMethod): readonly ChartSpec[] {
  const { rewarded, ratio, reference, values, groups, lossNote, main, own = [] } = method;
  const sampled = ratio !== null;
  return [
    small('entropy', 'Entropy', 'nats', ['entropy'], { least: LEAST_SHARE }),
    ...(values ? valueCharts() : []),
    ...own.map(ownChart),
    ...(groups ? [noSignalChart()] : []),
    small('grad-norm', 'Gradient norm', undefined, ['grad_norm'], { least: 0.1 }),
    ...(rewarded || main
      ? [
          small('loss', 'Loss', undefined, ['loss'], {
            ...{ help: LOSS_HELP, least: 0.01 },
            ...(lossNote && { note: lossNote }),
          }),
        ]
      : []),
    ...(sampled ? [cutOffChart()] : []),
    ...(sampled || reference ? [klChart(reference)] : []),
    ...(sampled ? [clipChart(ratio), samplerChart()] : []),
    // Where nothing is sampled there is room for it.
    ...(sampled ? [] : [small('rate', 'Learning rate', undefined, ['learning_rate'])]),
  ];
}

/** A chart that the method describes. */
function ownChart({ column, name, beside = [], title, unit, ...more }: OwnChart): ChartSpec {
  const lines = [
    { columns: [column], ...(name && { name }) },
    ...beside.map((one) => ({ columns: [one.column], name: one.name, thin: true })),
  ];
  return { ...small(column, title, unit, [column], { least: LEAST_SHARE, ...more }), lines };
}

function noSignalChart(): ChartSpec {
  return small('no-signal', 'No signal', 'share of groups', ['frac_reward_zero_std'], {
    better: 'low',
    least: LEAST_SHARE,
    share: true,
  });
}

function cutOffChart(): ChartSpec {
  return small('cut-off', 'Cut off', 'share of answers', ['completions/clipped_ratio'], {
    better: 'low',
    least: LEAST_SHARE,
    share: true,
  });
}

function klChart(reference: boolean): ChartSpec {
  return small('kl', 'KL to the reference', 'nats', ['kl'], {
    least: 0.01,
    ...(!reference && { off: 'KL: off, no reference is kept' }),
  });
}

function clipChart(ratio: 'always-1' | 'moves'): ChartSpec {
  return {
    ...small('clip', 'Clipped tokens', 'share', []),
    lines: [
      { columns: ['clip_ratio/high_mean', 'clip_ratio/high', 'cispo_clip_ratio'], name: 'high' },
      { columns: ['clip_ratio/low_mean', 'clip_ratio/low'], name: 'low', thin: true },
    ],
    ...(ratio === 'always-1' && { off: 'No clipping: one update per batch' }),
  };
}

function samplerChart(): ChartSpec {
  const columns = [
    'sampling/sampling_logp_difference/max',
    'sampling_logp_difference/max',
    'sampling_logp_difference_max',
    'sampling_logp_difference',
  ];
  return small('sampler', 'Sampler gap', 'nats', columns, {
    ...{ better: 'low', log: true, help: SAMPLER_HELP },
  });
}

/** What only a method with a critic has: how well the value foretells the returns, and how far the updates of a step went. */
function valueCharts(): readonly ChartSpec[] {
  return [
    small('explained-variance', 'Value', 'explained variance', ['value/explained_variance'], {
      better: 'high',
      help: VALUE_HELP,
    }),
    small('value-loss', 'Value loss', undefined, ['loss/value_avg'], { better: 'low' }),
    small('value-clip', 'Clipped values', 'share', ['val/clipfrac_avg']),
    small('approx-kl', 'Step length', 'nats', ['policy/approxkl_avg']),
  ];
}

/** Tokens per second by phase, of one run. */
export function speedChart(run: ChartRun | undefined): ChartSpec {
  const prefix = 'timings/tokens_per_second/';
  const names = (run?.series.names() ?? []).filter((name) => name.startsWith(prefix));
  return {
    id: 'speed',
    title: 'Tokens per second',
    unit: 'by phase',
    size: 'half',
    lines: names.map((name) => ({ columns: [name], name: name.slice(prefix.length), thin: true })),
    better: 'none',
    log: true,
    ink: true,
  };
}

function small(
  id: string,
  title: string,
  unit: string | undefined,
  columns: readonly string[],
  more: Partial<ChartSpec> = {},
): ChartSpec {
  return {
    id,
    title,
    ...(unit && { unit }),
    size: 'small',
    lines: [{ columns }],
    better: 'none',
    ...more,
  };
}

/** Columns of a form, each with what its first group caught, in order of name. */
function namesLike(
  runs: readonly ChartRun[],
  pattern: RegExp,
): { readonly name: string; readonly match: string }[] {
  const names = [...new Set(runs.flatMap((run) => run.series.names()))].sort();
  return names.flatMap((name) => {
    const match = pattern.exec(name)?.[1];
    return match === undefined ? [] : [{ name, match }];
  });
}

/** Only the largest k: pass@1 is the accuracy, and those between crowd the chart. */
function largest(found: readonly { readonly name: string; readonly match: string }[]) {
  return found
    .map(({ name, match }) => ({ name, k: Number(match) }))
    .sort((a, b) => b.k - a.k)
    .slice(0, 1);
}

function weightText(weight: number): string {
  const text = Number.isInteger(weight) ? weight.toFixed(1) : String(Number(weight.toFixed(3)));
  return text.replace('-', '−');
}
