/** `grad`: the gradient of a weighted sum of log-probabilities, as a safetensors file under Hugging Face's names. */
import { resolve } from 'node:path';
import { saveParameters } from '../../model/weights.ts';
import { defineCommand } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { writeWhole } from '../files.ts';
import { requireFinite } from '../finite.ts';
import { readLines } from '../lines.ts';
import { loadModel } from '../models.ts';
import { number, required } from '../options.ts';
import { gradientOver } from '../scoring.ts';
import { sequencesOf } from '../sequences.ts';

export const grad = defineCommand({
  summary: 'Gradient of the sum of coefficient x log-probability over completion tokens.',
  details: [
    'Reads lines as `score` does, each with "coefficients": [..], one number a completion token. Writes the gradient of every',
    'tensor, F32, under its Hugging Face name; a tied output head is part of model.embed_tokens.weight.',
  ],
  options: {
    model: required('DIR', 'Folder of the model, or the id of a bundled one.'),
    input: required('F.jsonl', 'The lines.'),
    out: required('G.safetensors', 'Where the gradient goes.'),
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
    const model = await loadModel('model', values.model, io);
    const sequences = sequencesOf(lines, model).map((sequence, i) => {
      const coefficients = lines[i].numbers('coefficients');
      const tokens = sequence.completion.length;
      if (!coefficients) throw lines[i].fail('coefficients', 'is missing');
      if (coefficients.length !== tokens) {
        throw lines[i].fail(
          'coefficients',
          `has ${coefficients.length} numbers for ${tokens} completion tokens`,
        );
      }
      const place = coefficients.findIndex((c) => !Number.isFinite(Math.fround(c)));
      if (place !== -1) {
        throw lines[i].fail(
          'coefficients',
          `has ${coefficients[place]} at place ${place}, beyond f32`,
        );
      }
      return { ...sequence, coefficients };
    });
    let objective = 0;
    const gradients = await withGpu(values, io, (gpu) =>
      gradientOver(gpu, model, sequences, values.temperature, ({ sequences: batch, scores }) => {
        const coefficients = batch.flatMap((sequence) => sequence.coefficients);
        scores.logprobs.forEach((logprob, i) => {
          objective += coefficients[i] * logprob;
        });
        return { logprob: coefficients };
      }),
    );
    requireFinite(gradients, 'A gradient');
    const path = resolve(io.cwd, values.out);
    writeWhole('out', path, saveParameters(model.layout, gradients));
    let squares = 0;
    for (const { offset, size } of model.layout.tensors) {
      for (let i = offset; i < offset + size; i++) squares += gradients[i] ** 2;
    }
    return {
      result: {
        out: path,
        model_hash: model.hash,
        temperature: values.temperature,
        sequences: sequences.length,
        tokens: sequences.reduce((sum, { completion }) => sum + completion.length, 0),
        tensors: model.layout.tensors.length,
        /** The sum that was differentiated. */
        objective,
        norm: Math.sqrt(squares),
      },
    };
  },
});
