/** `grad`: the gradient of a weighted sum of log-probabilities and values, as a safetensors file under Hugging Face's names. */
import { resolve } from 'node:path';
import type { LoadedModel } from '../../model/load.ts';
import { saveParameters } from '../../model/weights.ts';
import { defineCommand } from '../command.ts';
import { DEVICE_OPTIONS, withGpu } from '../device.ts';
import { writeWhole } from '../files.ts';
import { requireFinite } from '../finite.ts';
import { type InputLine, readLines } from '../lines.ts';
import { loadModel, SCALAR_HEAD } from '../models.ts';
import { number, required } from '../options.ts';
import { gradientOver } from '../scoring.ts';
import { sequencesOf } from '../sequences.ts';

/** A line's coefficients of one kind; undefined if it has none. @throws BadFile */
function coefficientsOf(line: InputLine, key: string, tokens: number) {
  const coefficients = line.numbers(key);
  if (!coefficients) return undefined;
  if (coefficients.length !== tokens) {
    throw line.fail(key, `has ${coefficients.length} numbers for ${tokens} completion tokens`);
  }
  const place = coefficients.findIndex((c) => !Number.isFinite(Math.fround(c)));
  if (place !== -1)
    throw line.fail(key, `has ${coefficients[place]} at place ${place}, beyond f32`);
  return coefficients;
}

/** The coefficients of a line for the heads of a model. @throws BadFile */
function weightsOf(line: InputLine, { layout, scalar }: LoadedModel, tokens: number) {
  const ofTokens = coefficientsOf(line, 'coefficients', tokens);
  const ofValues = coefficientsOf(line, 'value_coefficients', tokens);
  if (ofTokens && !layout.tokenHead)
    throw line.fail('coefficients', 'is given, but the model has no head that predicts tokens');
  if (ofValues && !scalar)
    throw line.fail('value_coefficients', 'is given, but the model has no score.weight');
  if (!ofTokens && !ofValues)
    throw line.fail(layout.tokenHead ? 'coefficients' : 'value_coefficients', 'is missing');
  const none = new Array<number>(tokens).fill(0);
  return { coefficients: ofTokens ?? none, valueCoefficients: ofValues ?? none };
}

export const grad = defineCommand({
  summary: 'Gradient of the sum of coefficient x log-probability over completion tokens.',
  details: [
    'Reads lines as `score` does, each with "coefficients": [..], one number per completion token. Writes the gradient of every',
    'tensor, F32, under its Hugging Face name; a tied output head is part of model.embed_tokens.weight.',
    ...SCALAR_HEAD,
    'For such a model a line may have "value_coefficients": [..], the coefficients of its values: instead of "coefficients" or, if the',
    'model predicts tokens too, beside them. The gradients of score.weight and score.bias are written with the others.',
  ],
  options: {
    model: required('DIR', 'Folder of the model, or the id of a bundled one.'),
    input: required('F.jsonl', 'The lines.'),
    out: required('G.safetensors', 'Where to write the gradient.'),
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
    const sequences = sequencesOf(lines, model).map((sequence, i) => ({
      ...sequence,
      ...weightsOf(lines[i], model, sequence.completion.length),
    }));
    let objective = 0;
    const { parameters: gradients, scalar } = await withGpu(values, io, (gpu) =>
      gradientOver(gpu, model, sequences, values.temperature, ({ sequences: batch, scores }) => {
        const logprob = batch.flatMap(({ coefficients }) => coefficients);
        const value = batch.flatMap(({ valueCoefficients }) => valueCoefficients);
        scores.logprobs.forEach((logp, i) => {
          objective += logprob[i] * logp;
        });
        scores.values?.forEach((said, i) => {
          objective += value[i] * said;
        });
        return { ...(model.layout.tokenHead && { logprob }), ...(model.scalar && { value }) };
      }),
    );
    requireFinite(gradients, 'A gradient');
    if (scalar) requireFinite(scalar.head, 'A gradient');
    const path = resolve(io.cwd, values.out);
    writeWhole('out', path, saveParameters(model.layout, gradients, scalar));
    let squares = 0;
    for (const { offset, size } of model.layout.tensors) {
      for (let i = offset; i < offset + size; i++) squares += gradients[i] ** 2;
    }
    const width = model.config.hidden_size;
    const own = scalar ? scalar.head.subarray(0, width + Number(scalar.bias)) : [];
    for (const x of own) squares += x ** 2;
    return {
      result: {
        out: path,
        model_hash: model.hash,
        temperature: values.temperature,
        sequences: sequences.length,
        tokens: sequences.reduce((sum, { completion }) => sum + completion.length, 0),
        tensors: model.layout.tensors.length + (scalar ? 1 + Number(scalar.bias) : 0),
        /** The sum that was differentiated. */
        objective,
        norm: Math.sqrt(squares),
      },
    };
  },
});
