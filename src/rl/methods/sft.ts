/**
 * Supervised fine-tuning: makes what an expert wrote more likely, token by token. It is the baseline without rewards. Started from random
 * weights, it makes the bundled policies. The loss is cross-entropy; names are those of the SFTTrainer of TRL 1.13.
 */
import { choice } from '../experiment/field.ts';
import { headed } from '../experiment/structure.ts';
import { traceFields } from '../experiment/trace-fields.ts';
import { countTokens, type Example } from '../learn/example.ts';
import type { Scored } from '../learn/learn.ts';
import { lessonOf } from '../learn/lesson.ts';
import {
  exampleOfLine,
  type OfflineLine,
  type OfflineLoss,
  offlineGradient,
  tokensOf,
} from '../learn/offline.ts';
import { expertGroups } from '../samples.ts';
import { expertTraceFields, expertTraces, traceObjections } from './expert-traces.ts';
import { defineMethod } from './method.ts';
import { common, scheduleContradictions } from './settings.ts';

const sftSettings = headed('Expert', {
  target: choice({
    label: 'Learns from',
    help: 'What the expert shows: the whole trace with its reasoning, or the bare answer.',
    options: [
      { value: 'trace', label: 'Traces' },
      { value: 'answer', label: 'Answers' },
    ],
    default: 'trace',
  }),
  ...expertTraceFields,
  prompt_loss_weight: traceFields.prompt_loss_weight,
});

export const sft = defineMethod({
  label: 'SFT',
  description: 'Makes what an expert wrote more likely. No rewards.',
  options: { ...sftSettings, ...common },
  rewarded: false,
  needs: () => ({ policy: {} }),
  charts: () => ({
    ...{ ratio: null, reference: false, values: false, groups: false },
    lossNote: 'Mean negative log-likelihood of a token of the expert.',
  }),
  completions: (settings) => settings.prompts_per_step,
  contradictions: scheduleContradictions,
  objections: (task, settings) => traceObjections(task, settings),

  async step(step, settings) {
    const examples = lessonOf(
      [step.task],
      step.tokenizer,
      {
        ...{ seed: step.seed, batchSize: settings.prompts_per_step, target: settings.target },
        traces: expertTraces(settings),
        promptWeight: settings.prompt_loss_weight,
        ...{ positions: step.positions, positionsField: 'method.max_completion_length' },
      },
      step.index,
    );
    const loss = sftLoss();
    const { updates, logprobs } = await step.learn(examples, loss.of, {});
    const tokens = countTokens(examples);
    return {
      metrics: {
        ...loss.metrics(),
        grad_norm: updates[0].gradNorm,
        learning_rate: step.rate(settings.learning_rate),
      },
      samples: expertGroups(step.index + 1, step.sampleGroups, step.tokenizer, examples, logprobs),
      tokens,
    };
  },

  offline: sftOffline,
});

/** The loss on given lines; a token weighs 1 where `weight` is not given. */
export function sftOffline(lines: readonly OfflineLine[]): OfflineLoss {
  const examples = lines.map((line) => {
    const ones = new Float64Array(tokensOf(line)).fill(1);
    return exampleOfLine(line, { weight: line.columns.weight ?? ones, answer: ones });
  });
  const loss = sftLoss();
  const gradient = offlineGradient(lines, examples, loss.of);
  const { entropy, ...metrics } = loss.metrics();
  const known = lines.every(({ columns }) => columns.entropy);
  return { ...gradient, metrics: { ...metrics, ...(known && { entropy }) } };
}

/**
 * Mean negative log-likelihood of a token, nats: -(sum of weight * logp) / (sum of weight). The metrics `loss` and `entropy` are means
 * over the tokens of answers alone, whatever weight questions have.
 */
export function sftLoss() {
  let nll = 0;
  let entropies = 0;
  const of = (update: readonly Example[]) => {
    const all = sumOf(update, 'weight');
    const answers = sumOf(update, 'answer');
    return ({ logp, entropy, column }: Scored) => {
      const weight = column('weight') ?? new Float64Array();
      const answer = column('answer') ?? new Float64Array();
      const sum = (of: ArrayLike<number>, by: Float64Array) =>
        by.reduce((total, w, t) => total + w * of[t], 0);
      nll += -sum(logp, answer) / answers;
      entropies += sum(entropy, answer) / answers;
      return {
        loss: -sum(logp, weight) / all,
        coefficients: weight.map((w) => -w / all),
      };
    };
  };
  return { of, metrics: () => ({ loss: nll, entropy: entropies }) };
}

function sumOf(examples: readonly Example[], column: string): number {
  return examples.reduce(
    (sum, { columns }) => Array.from(columns[column]).reduce((total, x) => total + x, sum),
    0,
  );
}
