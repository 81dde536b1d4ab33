import { describe, expect, it } from 'vitest';
import { parseExperiment } from '../experiment/schema.ts';
import { tokenizer } from '../methods/testing.ts';
import { randomStream } from '../random.ts';
import { createTask, tasks } from '../tasks/index.ts';
import { separatedSteps } from '../tasks/step-text.ts';
import { PERTURBATIONS, type Perturbation, perturb } from './perturb.ts';

const TRACE = '12+95=7,7*2=14;14';

/** All texts that a kind of fault makes of a trace. */
function all(kind: Perturbation, text = TRACE): string[] {
  const made = Array.from(
    { length: 200 },
    (_, i) => perturb(text, separatedSteps(text), randomStream(1, 'test', i), [kind])?.text,
  );
  return [...new Set(made.flatMap((one) => one ?? []))].sort();
}

describe('a perturbed trace', () => {
  it('has one operator flipped', () => {
    expect(all('operator')).toEqual(['12+95=7,7/2=14;14', '12-95=7,7*2=14;14']);
    // A sign is no operator.
    expect(all('operator', '3-5=-2')).toEqual(['3+5=-2']);
  });

  it('has its last number off by one, never below 0', () => {
    expect(all('last')).toEqual(['12+95=7,7*2=14;13', '12+95=7,7*2=14;15']);
    expect(all('last', '5-5=0')).toEqual(['5-5=1']);
  });

  it('has one digit changed, and no number that begins with 0 for it', () => {
    const made = all('digit');
    expect(made).toContain('12+95=7,7*2=14;94');
    for (const text of made) {
      const places = [...text].filter((sign, i) => sign !== TRACE[i]);
      expect([text.length, places.length]).toEqual([TRACE.length, 1]);
      expect(text).not.toMatch(/\b0\d/);
    }
    expect(all('digit', '7')).not.toContain('7');
  });

  it('lacks one step but the last, and keeps the separators of what is left', () => {
    expect(all('step')).toEqual(['12+95=7;14', '7*2=14;14']);
    expect(all('step', '1+2=3')).toEqual([]);
  });

  it('is nothing where no kind applies', () => {
    expect(perturb('ok', [2], randomStream(1, 'test'))).toBeNull();
    expect(perturb('', [], randomStream(1, 'test'))).toBeNull();
  });

  it('says its kind, and draws among all that apply', () => {
    const kinds = Array.from(
      { length: 100 },
      (_, i) => perturb(TRACE, separatedSteps(TRACE), randomStream(1, 'test', i))?.kind,
    );
    expect(new Set(kinds)).toEqual(new Set(PERTURBATIONS));
  });

  it.each(Object.keys(tasks))('differs from the expert of %s, and can be written', (id) => {
    const parsed = parseExperiment({ task: { id }, method: { name: 'sft' } });
    if (!parsed.ok) throw new Error(parsed.problems[0].message);
    const task = createTask(parsed.experiment.task);
    for (let i = 0; i < 100; i++) {
      const question = task.question('train', i, 1);
      const trace = task.expertTrace(question, randomStream(1, 'trace', i));
      const made = perturb(trace, task.stepBoundaries(trace), randomStream(1, 'fault', i));
      expect(made?.text).not.toBe(trace);
      expect(tokenizer.encode(made?.text ?? '').length).toBeGreaterThan(0);
    }
  });
});
