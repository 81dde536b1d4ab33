/** The room that a run makes: for the questions of its task, and for what its method asks of further roles. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Tokenizer } from '../../model/tokenizer.ts';
import { parseExperiment } from '../experiment/schema.ts';
import { methods } from '../methods/index.ts';
import type { RoleNeed } from '../methods/method.ts';
import { createTask } from '../tasks/index.ts';
import { longestPrompt, roomFor } from './room.ts';

const parsed = parseExperiment({
  ...{ seed: 1, task: { id: 'chain' }, policy: 'policies/chain-nano' },
  method: { prompts_per_step: 2, num_generations: 4, max_completion_length: 20 },
});
if (!parsed.ok) throw new Error(parsed.problems.map((p) => p.message).join());
const { experiment } = parsed;
const tokenizer = { encode: (text: string) => Array.from(text) } as unknown as Tokenizer;

const longest = longestPrompt(experiment, createTask(experiment.task), tokenizer);
const room = (most = 500) => roomFor(experiment, longest, tokenizer, most);
const withCritic = (need: RoleNeed) =>
  vi.spyOn(methods.grpo, 'needs').mockReturnValue({ policy: {}, roles: { critic: need } });

afterEach(() => {
  vi.restoreAllMocks();
});

describe('room', () => {
  const plain = room();
  const question = plain.positions - 20;

  it('is for the longest question with its answer where nobody asks for more', () => {
    expect(plain).toMatchObject({ sequences: 8, promptTokens: 8 * question, budget: 20 });
  });

  it('grows with the prompts and the budget of a further role', () => {
    withCritic({
      prompt: (parts) => parts.question + 2 * parts.completion + parts.count('a b'),
      budget: 30,
    });
    const prompt = question + 2 * 20 + 3;
    expect(room()).toMatchObject({
      ...{ positions: prompt + 30, promptTokens: 8 * prompt, budget: 30, sequences: 8 },
    });
  });

  it('stays as it is where a role needs less', () => {
    withCritic({ prompt: () => 4 });
    expect(room()).toEqual(plain);
  });

  it('that the policy does not have is refused, with the role’s name', () => {
    withCritic({ prompt: () => 90 });
    expect(() => room(100)).toThrow(
      expect.objectContaining({
        ...{ kind: 'BadConfig', field: 'method.max_completion_length' },
        message: expect.stringMatching(/^Prompts of the critic of up to 90 tokens and 20 more/),
      }),
    );
  });
});
