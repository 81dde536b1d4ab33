import { describe, expect, it } from 'vitest';
import type { Kernel } from './kernel.ts';
import { Recorder, type Recording } from './recording.ts';
import { RecordingCache } from './recording-cache.ts';
import { testGpu } from './testing/test-gpu.ts';
import { expandTemplate, expandWgsl } from './wgsl-template.ts';

const gpu = await testGpu();

const FILL: Kernel = {
  name: 'fill',
  variant: 'plain',
  source: `@group(0) @binding(0) var<uniform> value: vec4u;
    @group(0) @binding(1) var<storage, read_write> out: array<u32>;
    @compute @workgroup_size(1) fn main() { out[0] = value.x; }`,
  bindings: ['write'],
};

it('gives back the same recording for a key, forgets the longest unused, and those still run right', async () => {
  const cache = new RecordingCache(gpu);
  const out = gpu.allocate('out', 16);
  const made: number[] = [];
  const get = (value: number) =>
    cache.get(`fill ${value}`, (recorder) => {
      made.push(value);
      recorder.add({ kernel: FILL, words: { u32: [value] }, bind: [out], grid: [1] });
    });
  for (let value = 0; value < 64; value++) await get(value);
  await get(0);
  await get(64);
  await get(0);
  expect(made).toHaveLength(65);
  await gpu.replay(await get(1));
  expect(made).toHaveLength(66);
  expect((await gpu.readWords(out))[0]).toBe(1);
  cache.destroy();
});

it('does not remember a recording that could not be built', async () => {
  const cache = new RecordingCache(gpu);
  const out = gpu.allocate('out', 16);
  const broken: Kernel = { ...FILL, name: 'broken', source: 'this is not WGSL' };
  const get = (kernel: Kernel) =>
    cache.get('one', (recorder) =>
      recorder.add({ kernel, words: { u32: [7] }, bind: [out], grid: [1] }),
    );
  await expect(get(broken)).rejects.toMatchObject({ kind: 'ShaderError' });
  await gpu.replay(await get(FILL));
  expect((await gpu.readWords(out))[0]).toBe(7);
  cache.destroy();
});

it('records anew what was made of templates that changed, and again when they are put back', async () => {
  const cache = new RecordingCache(gpu);
  const out = gpu.allocate('out', 16);
  const seen: string[] = [];
  const run = async () => {
    const recording = await cache.get('one', (recorder) => {
      const kernel = { ...FILL, source: expandWgsl(FILL.source, {}) };
      recorder.add({ kernel, words: { u32: [7] }, bind: [out], grid: [1] });
    });
    await gpu.replay(recording);
    return (await gpu.readWords(out))[0];
  };
  expect(await run()).toBe(7);
  gpu.templates = (source, constants) => {
    seen.push(source);
    return expandTemplate(source.replace('value.x', 'value.x + 1u'), constants);
  };
  expect(await run()).toBe(8);
  expect(await run()).toBe(8);
  expect(seen).toHaveLength(1);
  // Only what the cache records goes through it.
  expect(expandWgsl('a', {})).toBe('a');
  expect(seen).toHaveLength(1);
  gpu.templates = null;
  expect(await run()).toBe(7);
  cache.destroy();
});

describe('a kernel with another in its place meanwhile', () => {
  const out = gpu.allocate('out', 16);
  const own: Kernel = { ...FILL, name: 'own', source: `${FILL.source}\n// takes long to compile` };
  const add = (recorder: Recorder, kernel: Kernel) =>
    recorder.add({
      ...{ kernel, words: { u32: [7] }, bind: [out], grid: [1] },
      meanwhile: { kernel: FILL, grid: [1, 2] },
    });
  const written = async (recording: Recording) => {
    gpu.clear(out);
    await gpu.replay(recording);
    return (await gpu.readWords(out))[0];
  };
  const used = ({ steps }: Recording) => steps.map(({ kernel, grid }) => [kernel.name, grid]);

  it('takes its place when there is time, and at once where it is compiled already', async () => {
    const cache = new RecordingCache(gpu);
    const recording = await cache.get('first', (recorder) => add(recorder, own));
    expect(used(recording)).toEqual([['fill', [1, 2, 1]]]);
    expect(await written(recording)).toBe(7);
    await gpu.catchUp();
    expect(used(recording)).toEqual([['own', [1, 1, 1]]]);
    expect(await written(recording)).toBe(7);
    expect(used(await cache.get('second', (recorder) => add(recorder, own)))).toEqual([
      ['own', [1, 1, 1]],
    ]);
    cache.destroy();
  });

  it('never does where it cannot be compiled', async () => {
    const cache = new RecordingCache(gpu);
    const broken = { ...own, name: 'broken', source: 'this is not WGSL' };
    const recording = await cache.get('broken', (recorder) => add(recorder, broken));
    await gpu.catchUp();
    expect(used(recording)).toEqual([['fill', [1, 2, 1]]]);
    expect(await written(recording)).toBe(7);
    // Nor does whoever records it again fail, now that this is known.
    const again = await cache.get('broken again', (recorder) => add(recorder, broken));
    expect(used(again)).toEqual([['fill', [1, 2, 1]]]);
    cache.destroy();
  });

  it('is waited for by who builds without a cache', async () => {
    const recorder = new Recorder(gpu);
    add(recorder, { ...own, source: `${own.source}, and longer` });
    const recording = await recorder.build();
    expect(used(recording)).toEqual([['own', [1, 1, 1]]]);
    recording.destroy();
  });
});
