/** `loss`: the loss of an experiment's method on given numbers, without a model or a GPU. */
import { resolve } from 'node:path';
import { BatonError } from '../../errors.ts';
import { type OfflineLine, type OfflineLoss, tokensOf } from '../../rl/learn/offline.ts';
import { methodOf } from '../../rl/methods/index.ts';
import { defineCommand } from '../command.ts';
import { readExperiment } from '../experiments.ts';
import { type InputLine, readLines } from '../lines.ts';
import { required } from '../options.ts';

/** One completion; every list in a line is a column, one number per token. @throws BadFile naming the line and the key */
function readLine(line: InputLine, index: number): OfflineLine {
  const columns = Object.fromEntries(
    line.lists().map((key) => [key, line.numbers(key) ?? []] as const),
  );
  const [group = index, pair, advantage] = ['group', 'pair', 'advantage'].map((key) =>
    line.number(key),
  );
  const reward = line.isNull('reward') ? null : line.number('reward');
  const read: OfflineLine = {
    ...{ where: `line ${line.at}`, group, truncated: line.flag('truncated') ?? false, columns },
    ...(pair !== undefined && { pair }),
    ...(reward !== undefined && { reward }),
    ...(advantage !== undefined && { advantage }),
  };
  const tokens = tokensOf(read);
  for (const [key, numbers] of Object.entries(columns)) {
    if (numbers.length !== tokens)
      throw line.fail(key, `has ${numbers.length} numbers beside ${tokens} log-probs`);
  }
  return read;
}

/** JSON would write what is not finite as null. @throws BatonError NonFinite naming the first line that is at fault */
function requireFiniteLoss(
  { loss, coefficients }: Pick<OfflineLoss, 'loss' | 'coefficients'>,
  lines: readonly OfflineLine[],
): void {
  const odd = coefficients.findIndex((row) => !row.every(Number.isFinite));
  if (Number.isFinite(loss) && odd === -1) return;
  const field = lines[odd]?.where ?? 'loss';
  throw new BatonError({
    kind: 'NonFinite',
    field,
    message: `${field}: these numbers give a loss that is not finite`,
    remedy: 'Nothing was changed. Look for log-probs that are far apart, or very large rewards.',
  });
}

export const loss = defineCommand({
  summary: 'The loss of an experiment’s method on given numbers, and its derivatives.',
  details: [
    'Reads lines {"group": 0, "logp": [..], "old": [..], "ref": [..], "entropy": [..], "reward": x, "truncated": false}. Each line is one',
    'completion, and all lines are one step; a list has one number per token (nats). "advantage" may replace "reward", keys that the method',
    'does not need may be missing, and without "old" every ratio is 1. PPO also needs "values"; "old_values" default to them,',
    'and "advantages" with "returns" may replace the reward. VinePPO takes "advantages" per token, SFT "weight" per token. DPO takes "ref" and, as',
    '"pair", the number that both completions of a pair have, the chosen one first. AIRL takes "rewards" per token for the policy; with "expert",',
    '1 or 0 for every token, and "values", the logits, a line is the discriminator’s, and "read" has 1 where it is read. OPSD takes "teacher",',
    'log-probs under the teacher. Answers',
    '{"loss": x, "coefficients": [[..], ..], "entropy_coefficients": [[..], ..], "metrics": {..}}, and "value_coefficients" where there are "values". A',
    'coefficient is the derivative of the loss with respect to one number, including clipping, masks and the divisor. Needs neither a',
    'model nor a GPU.',
  ],
  options: {
    experiment: required('F.json', 'The experiment whose method is used.'),
    input: required('F.jsonl', 'The lines.'),
  },
  run: async (values, io) => {
    const { method } = readExperiment(values.experiment, io);
    const lines = readLines('input', resolve(io.cwd, values.input)).map(readLine);
    const { entropyCoefficients, valueCoefficients, ...answer } = methodOf(method).offline(lines);
    requireFiniteLoss(answer, lines);
    const none = answer.coefficients.map((row) => row.map(() => 0));
    return {
      result: {
        method: method.name,
        loss: answer.loss,
        coefficients: answer.coefficients,
        entropy_coefficients: entropyCoefficients ?? none,
        ...(valueCoefficients && { value_coefficients: valueCoefficients }),
        metrics: answer.metrics,
      },
    };
  },
});
