import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { REWARD_MODELS } from '../experiment/reward-models.ts';
import { readingOf, rewardConfigBeside } from './reward-model.ts';

const configOf = async (folder: string): Promise<unknown> =>
  JSON.parse(
    await readFile(
      new URL(`../../../public/models/${folder}/config.json`, import.meta.url),
      'utf8',
    ),
  );

test.each(REWARD_MODELS)('$value has the config that its policy’s gives', async ({ value }) => {
  const own = await configOf(value);
  const policy = await configOf(value.replace('reward-models/', 'policies/'));
  const reading = readingOf(own);
  if (!reading) throw new Error(`${value} does not say how it is read`);
  expect(rewardConfigBeside(policy, reading)).toEqual(own);
});
