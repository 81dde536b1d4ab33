import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadModelFolder } from '../model/load.ts';
import { parseExperiment } from '../rl/experiment/schema.ts';
import { addOwnPolicy } from './add-own-policy.ts';
import { listOwnPolicies, ownPolicyReader, removeOwnPolicy } from './own-policies.ts';
import { FakeShelf } from './run-store/testing/fake-shelf.ts';

const folder = 'public/models/policies/chain-critic-pico';
const files = (...names: string[]) =>
  new Map(names.map((name) => [name, new Uint8Array(readFileSync(`${folder}/${name}`))]));
const whole = () =>
  files('config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors');

describe('a policy of one’s own', () => {
  it('is an ordinary policy of the browser, called by its name and its weights', async () => {
    const shelf = new FakeShelf();
    const id = await addOwnPolicy(shelf, 'Mine, step 5', whole());
    expect(id).toMatch(/^policies\/own-mine-step-5-[0-9a-f]{8}$/);
    expect(await addOwnPolicy(shelf, 'Mine, step 5', whole())).toBe(id);
    const size = [...whole().values()].reduce((sum, { length }) => sum + length, 0);
    expect(await listOwnPolicies(shelf)).toEqual([{ id, name: 'mine-step-5', bytes: size }]);
    const { hash } = await loadModelFolder(ownPolicyReader(async () => shelf, id));
    expect(id.endsWith(hash.slice(0, 8))).toBe(true);
    expect(parseExperiment({ policy: id, task: { id: 'chain' } }).ok).toBe(true);
    expect(parseExperiment({ policy: 'policies/others', task: { id: 'chain' } }).ok).toBe(false);
  });

  it('that the browser has no more is named, with its id', async () => {
    const shelf = new FakeShelf();
    const id = await addOwnPolicy(shelf, 'mine', whole());
    await removeOwnPolicy(shelf, id);
    expect(await listOwnPolicies(shelf)).toEqual([]);
    await expect(loadModelFolder(ownPolicyReader(async () => shelf, id))).rejects.toMatchObject({
      ...{ kind: 'BadFile', field: 'policy', message: expect.stringContaining('mine is not in') },
      remedy: expect.stringContaining(id),
    });
  });

  it.each([
    ['tokenizer.json', files('config.json', 'model.safetensors')],
    ['config.json', files('tokenizer.json', 'model.safetensors')],
    ['model.safetensors', files('config.json', 'tokenizer.json')],
  ])('without %s is refused, and nothing is kept', async (field, some) => {
    const shelf = new FakeShelf();
    await expect(addOwnPolicy(shelf, 'mine', some)).rejects.toMatchObject({ field });
    expect(shelf.stored.size).toBe(0);
  });

  it('on a disk that is full is not there in part', async () => {
    const shelf = new FakeShelf();
    shelf.fault = (write) => (write === 3 ? { kind: 'torn' } : null);
    await expect(addOwnPolicy(shelf, 'mine', whole())).rejects.toThrow();
    const [{ id }] = await listOwnPolicies(shelf);
    await expect(loadModelFolder(ownPolicyReader(async () => shelf, id))).rejects.toMatchObject({
      field: 'policy',
    });
  });
});
