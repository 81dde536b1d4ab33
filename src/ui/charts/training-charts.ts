/** The charts of what the optimiser sees, those among them that a method describes itself. */
import type { OwnChart } from '../../rl/methods/method.ts';
import { type ChartSpec, LEAST_SHARE, small } from './chart-spec.ts';
import type { ChartMethod } from './runs.ts';

const LOSS_HELP =
  'The loss is there for its gradient, which raises what scored above the rest and lowers what scored below. Its value says ' +
  'little: while the policy that is trained is the one that sampled, every ratio is 1, and what is left depends on how tokens ' +
  'are weighed. Watch the gradient norm and the reward instead.';

const SAMPLER_HELP =
  'The largest difference, over the step’s tokens, between the log-prob when a token was sampled and when it was ' +
  'trained on. The two run different kernels on the same weights; a gap above 1e−4 would mean that they disagree.';

const VALUE_HELP =
  'How much of what the returns vary by the value foretold, before it was trained on them: 1 is all, 0 no more than a ' +
  'constant would, below 0 it misleads. Near 0 the advantages are little but rewards less a mean.';

/** The chart above the others where no terms are rewarded: what the method says it is after, or else its loss. */
export function methodChart({ main, lossNote: note }: ChartMethod): ChartSpec {
  if (main)
    return {
      ...ownChart(main),
      ...{ id: 'main', entry: main.column, size: 'hero', raw: !main.beside, nameEach: true },
    };
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
    small('entropy', 'Entropy', 'nats', ['entropy'], { least: LEAST_SHARE, trained: true }),
    ...(values ? valueCharts() : []),
    ...own.map(smallOwnChart),
    ...(groups ? [noSignalChart()] : []),
    small('grad-norm', 'Gradient norm', undefined, ['grad_norm'], { least: 0.1, trained: true }),
    ...(rewarded || main
      ? [
          small('loss', 'Loss', undefined, ['loss'], {
            ...{ help: LOSS_HELP, least: 0.01, trained: true },
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

/** One among the small charts: where runs are compared there is room for its first quantity alone. */
function smallOwnChart(chart: OwnChart): ChartSpec {
  const spec = ownChart(chart);
  return { ...spec, lines: spec.lines.map((line) => ({ ...line, aside: line.thin === true })) };
}

function noSignalChart(): ChartSpec {
  return small('no-signal', 'No signal', 'of groups', ['frac_reward_zero_std'], {
    better: 'low',
    least: LEAST_SHARE,
    share: true,
  });
}

function cutOffChart(): ChartSpec {
  return small('cut-off', 'Cut off', 'of answers', ['completions/clipped_ratio'], {
    better: 'low',
    least: LEAST_SHARE,
    share: true,
  });
}

function klChart(reference: boolean): ChartSpec {
  return small('kl', 'KL to the reference', 'nats', ['kl'], {
    ...{ least: 0.01, trained: true },
    ...(!reference && { off: 'KL: off, no reference is kept' }),
  });
}

function clipChart(ratio: 'always-1' | 'moves'): ChartSpec {
  return {
    ...small('clip', 'Clipped tokens', 'share', [], { trained: true }),
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
    ...{ better: 'low', log: true, help: SAMPLER_HELP, trained: true },
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
