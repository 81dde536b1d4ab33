/** `judge`: what a critic's verdicts on pairs of answers pay the critic and the policy. */
import { resolve } from 'node:path';
import { badConfig } from '../../errors.ts';
import { judgementOf, recordedVerdict } from '../../rl/critic/judgement.ts';
import type { Place } from '../../rl/critic/pair.ts';
import { PAYOFFS, type Payoffs, payoffsOf } from '../../rl/critic/payoffs.ts';
import { surfaceForm } from '../../rl/critic/surface.ts';
import type { CriticVerdict } from '../../rl/critic/verdict.ts';
import type { LabIo } from '../command.ts';
import { defineCommand } from '../command.ts';
import { readExperiment } from '../experiments.ts';
import { writeWhole } from '../files.ts';
import { type InputLine, readLines, toLines } from '../lines.ts';
import { badOption, optional, required } from '../options.ts';

function textOf(line: InputLine, key: string): string {
  const text = line.text(key);
  if (text === undefined) throw line.fail(key, 'is missing');
  return text;
}

/** Which answer is the expert's. */
function expertOf(line: InputLine): Place {
  const expert = line.number('expert');
  if (expert === 1) return '1';
  if (expert === 2) return '2';
  throw line.fail('expert', expert === undefined ? 'is missing' : 'is neither 1 nor 2');
}

/** The recorded verdicts of a line; null stands for one that could not be read. */
function verdictsOf(line: InputLine): (CriticVerdict | null)[] {
  const verdicts = line.get('verdicts');
  if (verdicts === undefined) {
    throw badOption(
      'model',
      `cannot judge yet, and line ${line.at} has no "verdicts"`,
      'Nothing was judged. Give every line the verdicts that were recorded.',
    );
  }
  if (!Array.isArray(verdicts)) throw line.fail('verdicts', 'is not a list');
  return verdicts.map((verdict: unknown, at) => {
    if (verdict === null) return null;
    if (typeof verdict !== 'string')
      throw line.fail('verdicts', `has neither text nor null at place ${at}`);
    return recordedVerdict(verdict);
  });
}

/** What verdicts pay by the experiment, or by the defaults. @throws BadConfig where its method has no critic */
function payoffsFor(experiment: string | undefined, io: LabIo): Payoffs {
  if (experiment === undefined) return PAYOFFS;
  const { method } = readExperiment(experiment, io);
  const payoffs = payoffsOf(method);
  if (payoffs !== null) return payoffs;
  throw badConfig(
    'method.name',
    `The method ${method.name} has no critic that compares two answers`,
    'Nothing was judged. Leave the experiment out to use the defaults.',
  );
}

export const judge = defineCommand({
  summary: 'What a critic’s verdicts on pairs of answers pay the critic and the policy.',
  details: [
    'Reads lines {"question": "3+8+5:", "answer_1": "16", "answer_2": "14", "expert": 1, "verdicts": ["1", "tie", ..]}: two answers, which of them is',
    'the expert’s, and what a critic said. A verdict is "1", "2" or "tie", or the critic’s whole text, which must end with >x (the first), >y (the second)',
    'or >t (a tie); anything else cannot be read. Answers {"results": [{"verdicts": [..], "probabilities": {"1": .., "2": .., "tie": ..},',
    '"r_critic": [..], "r_policy": x, "identical": ..}, ..]}. A verdict that cannot be read is null and pays the critic 0; probabilities and r_policy are over',
    'the others, and null where there are none. Verdicts speak of the answers by these numbers, in whatever order the critic saw them. Needs neither a model nor a GPU.',
  ],
  options: {
    input: required('F.jsonl', 'The lines.'),
    model: optional('DIR', 'The critic, for lines without verdicts. Not possible yet.'),
    experiment: optional('F.json', 'The experiment whose payoffs hold; by default the paper’s.'),
    out: optional('F.jsonl', 'Also write the results there, one line each.'),
  },
  run: async (values, io) => {
    const payoffs = payoffsFor(values.experiment, io);
    const results = readLines('input', resolve(io.cwd, values.input)).map((line) => {
      textOf(line, 'question');
      const answers = ['answer_1', 'answer_2'].map((key) => surfaceForm(textOf(line, key)));
      const expert = expertOf(line);
      const judgement = judgementOf(verdictsOf(line), expert, payoffs);
      return { ...judgement, identical: answers[0] === answers[1] };
    });
    if (values.out !== undefined) {
      writeWhole('out', resolve(io.cwd, values.out), toLines(results));
    }
    return { result: { ...payoffs, results } };
  },
});
