/** What a step's kept answers give to the losses: log-probs, rewards and advantages as they trained, and how large the whole step was. */
import type { MethodSettings } from '../../rl/experiment/schema.ts';
import { methodOf } from '../../rl/methods/index.ts';
import { groupAdvantages, moments } from '../../rl/objectives/advantage.ts';
import type { StepSize } from '../../rl/objectives/aggregation.ts';
import type { EveryLoss, WeighedAnswer } from '../../rl/objectives/every-loss.ts';
import { estimate } from '../../rl/objectives/ppo/estimates.ts';
import { PPO_DEFAULTS } from '../../rl/objectives/ppo/settings.ts';
import {
  OBJECTIVE_DEFAULTS,
  type ObjectiveSettings,
  type ScaleRewards,
} from '../../rl/objectives/settings.ts';
import type { CompletionRecord, MetricsRow, SampleGroup } from '../../rl/records.ts';

/** An answer that was rewarded and compared. */
export interface BatchAnswer extends WeighedAnswer {
  readonly record: CompletionRecord;
  readonly reward: number;
  /** Of the whole answer. */
  readonly advantage: number;
}

export interface BatchGroup {
  readonly question: string;
  readonly answers: readonly BatchAnswer[];
}

export interface StepBatch {
  readonly step: number;
  readonly size: StepSize;
  /** Those of the step's groups that are kept. */
  readonly groups: readonly BatchGroup[];
  /** The loss that the run trains with; null where it is none of these. */
  readonly trained: EveryLoss | null;
  readonly settings: ObjectiveSettings;
  /** How an advantage was scaled. */
  readonly scale: ScaleRewards;
  /** Whose values PPO's advantages come from: the run's critic, or none that says the mean of the group before every token. */
  readonly critic: 'run' | 'mean';
}

/** Samples hold numbers with four decimals. */
const ROUNDED = 1e-4;

/**
 * @param groups what was kept of one step
 * @param row the step's metrics, which say how many tokens all its answers had
 * @returns null where no answer was rewarded, or where the row is gone
 */
export function stepBatch(
  groups: readonly SampleGroup[],
  row: MetricsRow | undefined,
  method: MethodSettings,
): StepBatch | null {
  const rewarded = groups.flatMap(({ question, completions }) => {
    const answers = completions.flatMap((record) => rewardedAnswer(record) ?? []);
    return answers.length === completions.length ? [{ question, answers }] : [];
  });
  const size = row && stepSize(row, method);
  if (!size || rewarded.length === 0) return null;
  const trained = lossOf(method);
  const scale = 'scale_rewards' in method ? method.scale_rewards : 'group';
  const settings = objectiveSettings(method);
  const own = trained === 'ppo';
  const records = rewarded.map(({ answers }) => answers.map(({ record }) => record));
  const critic = own ? records.map((group) => group.map(tokenAdvantages)) : asIfMean(rewarded);
  return {
    ...{ step: groups[0].step, size, trained, settings, scale, critic: own ? 'run' : 'mean' },
    groups: rewarded.map(({ question, answers }, g) => {
      const exact = exactAdvantages(answers, scale, own);
      return {
        question,
        answers: answers.map(({ record, reward }, i) => {
          const { logprob: old, ref_logprob: ref } = record.tokens;
          const rows = own ? undefined : record.tokens.advantage;
          return {
            ...{ record, reward, old, truncated: record.truncated, advantage: exact[i] },
            ...(ref && { ref }),
            advantages: rows ?? new Float64Array(old.length).fill(exact[i]),
            critic: critic[g][i],
          };
        }),
      };
    }),
  };
}

interface Rewarded {
  readonly record: CompletionRecord;
  readonly reward: number;
  readonly advantage: number;
}

function rewardedAnswer(record: CompletionRecord): Rewarded | null {
  const { role, reward, advantage } = record;
  if (role !== 'solver' || typeof reward !== 'number' || typeof advantage !== 'number') return null;
  return { record, reward, advantage };
}

/** All answers of the step and their tokens, from the means of its row. Those that are masked for their length do not count. */
function stepSize(row: MetricsRow, method: MethodSettings): StepSize | null {
  const { completions } = methodOf(method);
  const masks = 'mask_truncated_completions' in method && method.mask_truncated_completions;
  const mean = row[`completions/mean_${masks ? 'terminated_' : ''}length`];
  const share = masks ? 1 - (row['completions/clipped_ratio'] ?? 0) : 1;
  if (typeof mean !== 'number') return null;
  return { completions, activeTokens: Math.round(mean * Math.round(completions * share)) };
}

function lossOf(method: MethodSettings): EveryLoss | null {
  if ('loss_type' in method) return method.loss_type;
  return 'vf_coef' in method ? 'ppo' : null;
}

function objectiveSettings(method: MethodSettings): ObjectiveSettings {
  const given: Readonly<Record<string, unknown>> = { ...method };
  const names = Object.keys(OBJECTIVE_DEFAULTS);
  const own = names.flatMap((name) => (name in given ? [[name, given[name]]] : []));
  return { ...OBJECTIVE_DEFAULTS, ...Object.fromEntries(own) };
}

/**
 * The advantages of a group, from its rewards where that is how they came about: those in the samples are rounded. PPO's own are not of a
 * group, so its group has what GRPO would give.
 */
function exactAdvantages(
  answers: readonly Rewarded[],
  scale: ScaleRewards,
  own: boolean,
): ArrayLike<number> {
  const { advantages } = groupAdvantages(
    answers.map(({ reward }) => reward),
    answers.length,
    scale,
  );
  const same = answers.every(({ advantage }, i) => Math.abs(advantages[i] - advantage) <= ROUNDED);
  return own || same ? advantages : answers.map(({ advantage }) => advantage);
}

function tokenAdvantages({ tokens, advantage = 0 }: CompletionRecord): ArrayLike<number> {
  return tokens.advantage ?? new Float64Array(tokens.logprob.length).fill(advantage);
}

/**
 * PPO's advantages with a critic that says the mean of the group before every token, by PPO's defaults and without a KL in the reward.
 * Whitened over the answers that are kept.
 */
function asIfMean(
  groups: readonly { readonly answers: readonly Rewarded[] }[],
): readonly (readonly ArrayLike<number>[])[] {
  const all = groups.flatMap(({ answers }) => {
    const { mean } = moments(answers.map(({ reward }) => reward));
    return answers.map((answer) => ({ ...answer, mean }));
  });
  const old = all.map(({ record }) => record.tokens.logprob);
  const { advantages } = estimate(
    all.map(({ record }, i) => ({ length: old[i].length, truncated: record.truncated })),
    { totals: all.map(({ reward }) => reward) },
    { old, values: all.map(({ mean }, i) => old[i].map(() => mean)), ref: null },
    { ...PPO_DEFAULTS, kl_coef: 0, mask_truncated_completions: false },
  );
  let at = 0;
  return groups.map(({ answers }) => {
    at += answers.length;
    return advantages.slice(at - answers.length, at);
  });
}
