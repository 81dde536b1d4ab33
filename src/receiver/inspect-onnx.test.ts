/** Files that are no decoder are refused by name before a runtime sees them; whatever the bytes, reading them ends. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import { saveParameters } from '../model/weights.ts';
import { fuzz } from '../testing/fuzz.ts';
import { inspectOnnx, ONNX_LIMITS } from './inspect-onnx.ts';
import { exportOnnx, onnxModel } from './onnx/export-onnx.ts';
import { encodeModel, type GraphSpec, type ModelSpec, type ValueSpec } from './onnx/model-proto.ts';
import { encode, int, message, nested, text } from './onnx/protobuf.ts';
import { bundledModel, randomModel, SHAPES } from './testing/models.ts';

const model = randomModel({
  ...SHAPES['grouped queries'],
  vocab_size: 8,
  hidden_size: 8,
  head_dim: 4,
  max_position_embeddings: 8,
  intermediate_size: 8,
});
const spec = onnxModel(model);
const file = encodeModel(spec);

/** The file with its graph changed. */
function changed(graph: (graph: GraphSpec) => Partial<GraphSpec>, more: Partial<ModelSpec> = {}) {
  return encodeModel({ ...spec, graph: { ...spec.graph, ...graph(spec.graph) }, ...more });
}
const inputs = (change: (input: ValueSpec) => ValueSpec[]) =>
  changed((graph) => ({ inputs: graph.inputs.flatMap(change) }));
const outputs = (change: (output: ValueSpec) => ValueSpec[]) =>
  changed((graph) => ({ outputs: graph.outputs.flatMap(change) }));

function refusal(bytes: Uint8Array): BatonError {
  try {
    inspectOnnx(bytes);
  } catch (error) {
    expect(error).toBeInstanceOf(BatonError);
    expect(error).toMatchObject({ kind: 'BadFile' });
    return error as BatonError;
  }
  throw new Error('The file was let through');
}

/** A file that says of one weight that it lies elsewhere. */
function withExternalData(): Uint8Array {
  const tensor = message([
    text(8, 'far.weight'),
    int(2, 1),
    int(14, 1),
    nested(13, text(1, 'location')),
  ]);
  const graph = message([nested(5, tensor), text(2, 'g')]);
  const opset = message([text(1, ''), int(2, 17)]);
  return encode(message([int(1, 8), nested(7, graph), nested(8, opset)]));
}

describe('inspectOnnx', () => {
  it('reads what a decoder is from its own description', async () => {
    const { layout, parameters } = await bundledModel('policies/countdown-nano');
    expect(inspectOnnx(exportOnnx({ layout, parameters }))).toMatchObject({
      producer: 'baton',
      opset: 17,
      layers: 4,
      kvHeads: 4,
      headDim: 16,
      vocabulary: 64,
    });
    expect(inspectOnnx(file)).toMatchObject({ layers: 2, kvHeads: 2, headDim: 4 });
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['no bytes', new Uint8Array(), /empty/],
    ['bytes beyond the limit', new Uint8Array(ONNX_LIMITS.fileBytes + 1), /at most/],
    ['a model of another kind', saveParameters(model.layout, model.parameters), /not an ONNX file/],
    ['a text', new TextEncoder().encode('{"model_type": "llama"}'), /not an ONNX file/],
    ['a picture', Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), /not an ONNX file/],
    ['half a file', file.subarray(0, file.length / 2), /cut off/],
    ['external data', withExternalData(), /far\.weight.*another file/],
    ['another version of the format', changed(() => ({}), { irVersion: 99 }), /version 99/],
    ['no operator set', changed(() => ({}), { opset: 0 }), /standard operators/],
    [
      'a weight that is cut short',
      changed(({ constants }) => ({
        constants: constants.map((c) => ({ ...c, shape: c.shape.map((n) => n * 5) })),
      })),
      /bytes of the tensor/,
    ],
    [
      'a weight of an absurd size',
      changed(({ constants }) => ({
        constants: constants.map((c) => ({ ...c, shape: [2 ** 40, 2 ** 40] })),
      })),
      /impossible shape/,
    ],
    [
      'an operator that may never end',
      changed(({ nodes }) => ({ nodes: nodes.map((n) => ({ ...n, op: 'Loop' })) })),
      /Loop/,
    ],
    [
      'an encoder-decoder',
      inputs((i) => [
        i,
        { ...i, name: i.name.replace('past_key_values.0', 'past_key_values.0.encoder') },
      ]),
      /encoder-decoder/,
    ],
    [
      'an encoder’s states',
      inputs((i) => [{ ...i, name: i.name.replace('input_ids', 'encoder_hidden_states') }]),
      /encoder-decoder/,
    ],
    [
      'a merged decoder',
      inputs((i) => [{ ...i, name: i.name.replace('position_ids', 'use_cache_branch') }]),
      /merged/,
    ],
    ['no cache', inputs((i) => (i.name.startsWith('past') ? [] : [i])), /no cache inputs/],
    [
      'half a cache',
      inputs((i) => (i.name === 'past_key_values.1.value' ? [] : [i])),
      /cache inputs/,
    ],
    ['no mask', inputs((i) => (i.name === 'attention_mask' ? [] : [i])), /attention_mask/],
    [
      'ids of the wrong rank',
      inputs((i) => (i.name === 'input_ids' ? [{ ...i, shape: ['batch'] }] : [i])),
      /input_ids, which has 1 dim/,
    ],
    [
      'a cache of the wrong rank',
      inputs((i) => (i.name.startsWith('past') ? [{ ...i, shape: ['b', 2, 4] }] : [i])),
      /3 dimensions/,
    ],
    [
      'an open cache',
      inputs((i) => (i.name.startsWith('past') ? [{ ...i, shape: ['b', 'h', 'p', 'd'] }] : [i])),
      /leaves open/,
    ],
    [
      'a cache of whole numbers',
      inputs((i) => [{ ...i, element: 'int64' }]),
      /int64; only float32/,
    ],
    [
      'layers that differ',
      inputs((i) =>
        i.name.startsWith('past_key_values.1') ? [{ ...i, shape: ['b', 1, 'p', 4] }] : [i],
      ),
      /and others/,
    ],
    [
      'an input that nobody knows',
      inputs((i) => (i.name === 'input_ids' ? [i, { ...i, name: 'pixel_values' }] : [i])),
      /pixel_values/,
    ],
    ['no logits', outputs((o) => (o.name === 'logits' ? [] : [o])), /logits/],
    [
      'logits of an open vocabulary',
      outputs((o) => (o.name === 'logits' ? [{ ...o, shape: ['b', 's', 'v'] }] : [o])),
      /unknown size/,
    ],
    [
      'no cache to go on with',
      outputs((o) => (o.name === 'present.1.key' ? [] : [o])),
      /present\.1\.key/,
    ],
  ])('refuses %s and says so', (_, bytes, why) => {
    const error = refusal(bytes);
    expect(error.message).toMatch(why);
    expect(error.field).toContain('model.onnx');
    expect(error.remedy).toMatch(/Nothing was loaded/);
  });

  it('stops at more fields than any model has, wherever they are', () => {
    const many = new Uint8Array(8 * 2 ** 20).fill(0x08);
    expect(refusal(many).message).toContain('more fields than any model');
    const node = { size: many.length, write: (to: Uint8Array, at: number) => to.set(many, at) };
    const inside = encode(message([nested(7, nested(1, node))]));
    expect(refusal(inside).message).toContain('more fields than any model');
  });

  it('reads no more dimensions of a tensor than it needs to refuse it', () => {
    const ones = { size: 2 ** 20, write: (to: Uint8Array, at: number) => to.fill(1, at) };
    const tensor = message([nested(1, ones), text(8, 'wide')]);
    const file = encode(message([nested(7, nested(5, tensor))]));
    expect(refusal(file).message).toContain('dimensions in the tensor');
  });

  it('refuses operators of somebody’s own', () => {
    // Field 7 of a node is its domain; the graph's first node is rewritten by hand.
    const node = message([text(4, 'Secret'), text(7, 'com.example')]);
    const graph = message([nested(1, node), text(2, 'g')]);
    const opset = message([text(1, ''), int(2, 17)]);
    const bytes = encode(message([int(1, 8), nested(7, graph), nested(8, opset)]));
    expect(refusal(bytes).message).toMatch(/com\.example/);
  });

  it('ends with a typed error or a description for every cut and every change of bytes', async () => {
    const end = fc.nat(file.length);
    await fuzz(
      fc.property(end, (length) => {
        if (length < file.length) refusal(file.subarray(0, length));
      }),
      { numRuns: 100 },
    );
    // The head of the file, where the structure is, is hit most.
    const place = fc.oneof(fc.nat(200), fc.nat(file.length - 1));
    const edits = fc.array(fc.tuple(place, fc.nat(255)), { minLength: 1, maxLength: 8 });
    await fuzz(
      fc.property(edits, (list) => {
        const bytes = file.slice();
        for (const [at, value] of list) bytes[at] = value;
        try {
          expect(inspectOnnx(bytes).vocabulary).toBeGreaterThan(1);
        } catch (error) {
          expect(error).toMatchObject({ kind: 'BadFile' });
        }
      }),
      { numRuns: 800 },
    );
    await fuzz(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        refusal(bytes);
      }),
      { numRuns: 800 },
    );
  });
});
