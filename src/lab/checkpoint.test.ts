import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BatonError } from '../errors.ts';
import { canonicalJson } from '../rl/experiment/canonical.ts';
import { defaultExperiment, type Experiment } from '../rl/experiment/schema.ts';
import type { StateData } from '../rl/run/state.ts';
import {
  type Checkpoint,
  checkContinues,
  decodeCheckpoint,
  type EncodedCheckpoint,
  type Expected,
  encodeCheckpoint,
} from './checkpoint.ts';

const experiment = defaultExperiment();
const values = (seed: number) =>
  Float32Array.from({ length: 130 }, (_, i) => Math.fround(Math.sin(i + seed)));
const checkpoint: Checkpoint = {
  step: 12,
  experiment,
  build: '0.1.0+abc',
  adapter: 'google swiftshader',
  policyHash: 'f00d'.repeat(16),
  files: new Map<string, StateData>([
    ...[['parameters', values(1)] as const, ['m', values(2)] as const, ['v', values(3)] as const],
    ['critic.weights', new Uint8Array([1, 2, 3])],
  ]),
  notes: { 'metrics.jsonl': 1234 },
};
const expected = {
  experiment,
  policyHash: checkpoint.policyHash,
  buffers: new Map(['parameters', 'm', 'v'].map((name) => [name, 130])),
};

function decode(encoded: EncodedCheckpoint, what: Partial<Expected> = {}) {
  const read = async (name: string) => encoded.parts.get(name) ?? null;
  return decodeCheckpoint(encoded.head, read, { ...expected, ...what });
}

/** The error that decoding ends with. */
async function refusal(encoded: EncodedCheckpoint, what: Partial<Expected> = {}) {
  const error = await decode(encoded, what).then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(BatonError);
  return error as BatonError;
}

function replace(encoded: EncodedCheckpoint, index: number, bytes: Uint8Array | null) {
  const parts = new Map(encoded.parts);
  const name = [...parts.keys()][index];
  if (bytes) parts.set(name, bytes);
  else parts.delete(name);
  return { head: encoded.head, parts };
}

/** Whether both are JSON of the same value: white space and `1E-8` for `1e-8` change nothing that is read. */
function sameJson(a: Uint8Array, b: Uint8Array): boolean {
  const read = (bytes: Uint8Array) => canonicalJson(JSON.parse(new TextDecoder().decode(bytes)));
  try {
    return read(a) === read(b);
  } catch {
    return false;
  }
}

function changed(change: (copy: { -readonly [K in keyof Experiment]: Experiment[K] }) => void) {
  const copy = structuredClone(experiment);
  change(copy);
  return copy;
}

describe('the value head of a checkpoint', () => {
  const withValue = {
    ...checkpoint,
    files: new Map([...checkpoint.files, ['value', values(4).subarray(0, 24)]]),
  };
  const wanted = { ...expected, buffers: new Map([...expected.buffers, ['value', 24]]) };

  it('comes back with it, and is a part of its own', async () => {
    const encoded = await encodeCheckpoint(withValue);
    expect(encoded.parts.size).toBe((await encodeCheckpoint(checkpoint)).parts.size + 1);
    expect((await decode(encoded, wanted)).files).toEqual(withValue.files);
  });

  it('is refused where it is missing or of another size', async () => {
    const without = await refusal(await encodeCheckpoint(checkpoint), wanted);
    expect(without.message).toBe("The checkpoint's value is missing");
    const other = await refusal(await encodeCheckpoint(withValue), {
      ...{ ...wanted, buffers: new Map([...expected.buffers, ['value', 28]]) },
    });
    expect(other.message).toMatch(/another size/);
  });
});

describe('a checkpoint', () => {
  it('comes back bit for bit, and equal ones are equal bytes', async () => {
    const special = Float32Array.of(-0, 1e-45, 3.4028234e38, ...values(7).subarray(3));
    const odd = { ...checkpoint, files: new Map([...checkpoint.files, ['v', special]]) };
    const encoded = await encodeCheckpoint(odd);
    const back = await decode(encoded);
    expect(back).toEqual(odd);
    expect(new Uint32Array((back.files.get('v') as Float32Array).buffer)).toEqual(
      new Uint32Array(special.buffer),
    );
    expect(await encodeCheckpoint(back)).toEqual(encoded);
  });

  it('names other parts at another step, so that writing one never spoils the one before', async () => {
    const one = await encodeCheckpoint(checkpoint);
    const two = await encodeCheckpoint({ ...checkpoint, step: 13 });
    expect([...one.parts.keys()].filter((name) => two.parts.has(name))).toEqual([]);
  });

  it('is refused where a part is missing, cut off or altered by one bit', async () => {
    const encoded = await encodeCheckpoint(checkpoint);
    const names = ['parameters', 'm', 'v', 'critic.weights'];
    for (const [i, name] of names.entries()) {
      const bytes = [...encoded.parts.values()][i];
      const flipped = bytes.slice();
      flipped[flipped.length - 1] ^= 1;
      for (const wrong of [null, bytes.subarray(0, -1), flipped]) {
        const { kind, field } = await refusal(replace(encoded, i, wrong));
        expect([kind, field]).toEqual(['BadFile', `checkpoint: ${name}`]);
      }
    }
  });

  it('is refused where its head is cut off or changed anywhere', async () => {
    const encoded = await encodeCheckpoint(checkpoint);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(encoded.head.length - 2),
        fc.integer({ min: 0x21, max: 0x7e }),
        async (at, byte) => {
          const cut = await refusal({ ...encoded, head: encoded.head.subarray(0, at) });
          expect(cut.kind).toBe('BadFile');
          const head = encoded.head.slice();
          head[at] = byte;
          if (sameJson(encoded.head, head)) return;
          expect((await refusal({ ...encoded, head })).kind).toBe('BadFile');
        },
      ),
    );
  });

  it('is refused under another experiment, by the setting that differs', async () => {
    const encoded = await encodeCheckpoint(checkpoint);
    const seed = changed((copy) => {
      copy.seed = 2;
    });
    expect(await refusal(encoded, { experiment: seed })).toMatchObject({
      kind: 'BadConfig',
      field: 'seed',
    });
    const task = changed((copy) => {
      copy.task = {
        id: 'chain',
        min_terms: 2,
        max_terms: 4,
        largest_term: 99,
        answer_apart: false,
      };
    });
    expect(await refusal(encoded, { experiment: task })).toMatchObject({ field: 'task' });
    expect(await refusal(encoded, { policyHash: '0'.repeat(64) })).toMatchObject({
      field: 'policy',
    });
    expect(
      await refusal(encoded, { buffers: new Map([...expected.buffers, ['m', 131]]) }),
    ).toMatchObject({ kind: 'BadFile' });
  });
});

describe('going on', () => {
  const more = changed((copy) => {
    copy.steps = experiment.steps * 2;
  });

  it('allows more steps and nothing else', () => {
    expect(() => checkContinues(experiment, experiment)).not.toThrow();
    expect(() => checkContinues(experiment, more)).not.toThrow();
    expect(() => checkContinues(more, experiment)).toThrow(/steps/);
  });

  it.each(['linear', 'cosine'] as const)(
    'refuses more steps where the schedule is %s, because the steps done would have been others',
    (lr_scheduler_type) => {
      const falling = (from: Experiment) => ({
        ...from,
        method: { ...from.method, lr_scheduler_type },
      });
      expect(() => checkContinues(falling(experiment), falling(experiment))).not.toThrow();
      expect(() => checkContinues(falling(experiment), falling(more))).toThrow(/schedule/);
    },
  );
});
