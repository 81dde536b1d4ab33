/** `judge`: what a critic says of pairs of answers, and what that pays the critic and the policy. */
import { resolve } from 'node:path';
import { judgementOf, recordedVerdict } from '../../rl/critic/judgement.ts';
import type { Pair, Place } from '../../rl/critic/pair.ts';
import { surfaceForm } from '../../rl/critic/surface.ts';
import type { CriticVerdict } from '../../rl/critic/verdict.ts';
import { defineCommand } from '../command.ts';
import { DEVICE_OPTIONS } from '../device.ts';
import { writeWhole } from '../files.ts';
import { askCritic, type CriticSettings, criticSettings } from '../judging.ts';
import { type InputLine, readLines, toLines } from '../lines.ts';
import { loadModel } from '../models.ts';
import { badOption, optional, required } from '../options.ts';
import { requireTokenizer } from '../reward-model.ts';

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

/** The recorded verdicts of a line; null stands for one that could not be read. Undefined where the line has none. */
function verdictsOf(line: InputLine): (CriticVerdict | null)[] | undefined {
  const verdicts = line.get('verdicts');
  if (verdicts === undefined) return undefined;
  if (!Array.isArray(verdicts)) throw line.fail('verdicts', 'is not a list');
  return verdicts.map((verdict: unknown, at) => {
    if (verdict === null) return null;
    if (typeof verdict !== 'string')
      throw line.fail('verdicts', `has neither text nor null at place ${at}`);
    return recordedVerdict(verdict);
  });
}

function readPair(line: InputLine) {
  const prompt = textOf(line, 'question');
  const [first, second] = ['answer_1', 'answer_2'].map((key) => surfaceForm(textOf(line, key)));
  return { line, prompt, first, second, expert: expertOf(line), recorded: verdictsOf(line) };
}

type Read = ReturnType<typeof readPair>;

/** The pair of a line that a model must judge. @throws BatonError BadFile for a question that no task asks */
function pairOf({ line, prompt, first, second, expert }: Read, { task }: CriticSettings): Pair {
  try {
    return { question: task(prompt).readQuestion(prompt), first, second, expert };
  } catch (error) {
    throw line.fail(
      'question',
      `cannot be read: ${error instanceof Error ? error.message : error}`,
    );
  }
}

export const judge = defineCommand({
  summary: 'A critic’s verdicts on pairs of answers, and what they pay the critic and the policy.',
  details: [
    'Reads lines {"question": "3+8+5:", "answer_1": "16", "answer_2": "14", "expert": 1, "verdicts": ["1", "tie", ..]}: two answers, which of them is',
    'the expert’s, and what a critic said. A verdict is "1", "2" or "tie", or the critic’s whole text, which must end with >x (the first), >y (the second)',
    'or >t (a tie); anything else cannot be read. Lines without verdicts are judged by --model, as often and in as many orders as the experiment says.',
    'Answers {"results": [{"verdicts": [..], "probabilities": {"1": .., "2": .., "tie": ..}, "r_critic": [..], "r_policy": x, "identical": ..}, ..]}. A',
    'verdict that cannot be read is null and pays the critic 0; probabilities and r_policy are over the others, and null where there are none. Verdicts',
    'speak of the answers by these numbers, in whatever order the critic saw them. What a model judged also has "texts", "first" (which answer stood first for',
    'each verdict) and "by_order": the probabilities with answer 1 first and with answer 2 first. Without --model no GPU is needed.',
  ],
  options: {
    input: required('F.jsonl', 'The lines.'),
    model: optional('DIR', 'The critic, for lines without verdicts: a folder or a bundled id.'),
    experiment: optional(
      'F.json',
      'The experiment whose task, critic and payoffs hold; by default RARO’s defaults, and the task whose question a line asks.',
    ),
    out: optional('F.jsonl', 'Also write the results there, one line each.'),
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    const settings = criticSettings(values.experiment, io);
    const { payoffs } = settings;
    const read = readLines('input', resolve(io.cwd, values.input)).map(readPair);
    const unjudged = read.filter(({ recorded }) => !recorded);
    if (unjudged.length > 0 && values.model === undefined) {
      throw badOption(
        'model',
        `is missing, and line ${unjudged[0].line.at} has no "verdicts"`,
        'Nothing was judged. Give the critic, or every line the verdicts that were recorded.',
      );
    }
    const pairs = unjudged.map((one) => pairOf(one, settings));
    const model =
      pairs.length > 0 && values.model !== undefined
        ? await loadModel('model', values.model, io)
        : null;
    if (model) requireTokenizer(model);
    const asked = model ? await askCritic(model, pairs, settings, values, io) : [];
    let next = 0;
    const results = read.map(({ first, second, expert, recorded }) => {
      const { verdicts, ...more } = recorded ? { verdicts: recorded } : asked[next++];
      return { ...judgementOf(verdicts, expert, payoffs), identical: first === second, ...more };
    });
    if (values.out !== undefined) {
      writeWhole('out', resolve(io.cwd, values.out), toLines(results));
    }
    const by = model ? { model_hash: model.hash } : {};
    return { result: { ...payoffs, ...by, results } };
  },
});
