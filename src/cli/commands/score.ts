/** `score`: what a model's heads give for every completion token. */
import { resolve } from 'node:path';
import { defineCommand } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { writeWhole } from '../files.ts';
import { readLines, toLines } from '../lines.ts';
import { loadModel, SCALAR_HEAD } from '../models.ts';
import { number, optional, required } from '../options.ts';
import { scoreSequences } from '../scoring.ts';
import { sequencesOf } from '../sequences.ts';

interface LineScores {
  readonly logprobs?: readonly number[];
  readonly entropies?: readonly number[];
  readonly values?: readonly number[];
}

export const score = defineCommand({
  summary: 'Log-probability and entropy of every completion token under a model, or its value.',
  details: [
    'Reads lines {"prompt_ids": [..], "completion_ids": [..]}. If the model has a tokenizer, "prompt" and "completion" may be',
    'given as text instead (<bos> is put before a prompt, no <eos> after a completion). Answers {"results": [{"logprobs": [..],',
    '"entropies": [..]}, ..]}, in nats: one entry per line, one number per completion token.',
    ...SCALAR_HEAD,
    'For such a model an entry has "values": [..], and "logprobs" and "entropies" only if the model predicts tokens too.',
  ],
  options: {
    model: required('DIR', 'Folder of the model, or the id of a bundled one.'),
    input: required('F.jsonl', 'The lines to score.'),
    out: optional('F.jsonl', 'Also write the results there, one line each.'),
    temperature: number('Divides the logits.', 1, {
      min: 0,
      max: 100,
      integer: false,
      aboveMin: true,
    }),
    ...DEVICE_OPTIONS,
  },
  run: async (values, io) => {
    const lines = readLines('input', resolve(io.cwd, values.input));
    const model = await loadModel('model', values.model, io, { scalar: true });
    const sequences = sequencesOf(lines, model);
    const results: LineScores[] = [];
    await withGpu(values, io, (gpu) =>
      scoreSequences(gpu, model, sequences, values.temperature, ({ sequences: batch, scores }) => {
        let at = 0;
        for (const { completion } of batch) {
          const end = at + completion.length;
          results.push({
            ...(model.layout.tokenHead && {
              logprobs: [...scores.logprobs.subarray(at, end)],
              entropies: [...scores.entropies.subarray(at, end)],
            }),
            ...(scores.values && { values: [...scores.values.subarray(at, end)] }),
          });
          at = end;
        }
      }),
    );
    if (values.out !== undefined) {
      writeWhole('out', resolve(io.cwd, values.out), toLines(results));
    }
    return { result: { model_hash: model.hash, temperature: values.temperature, results } };
  },
});
