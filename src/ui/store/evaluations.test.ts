import { afterEach, describe, expect, test } from 'vitest';
import { Lab } from '../lab.ts';
import { FakeLab } from '../testing/fake-lab.ts';
import { comparisons, NO_EVALUATIONS } from './evaluations.ts';
import { lead } from './runs.ts';

let open: Lab | undefined;
afterEach(() => open?.close());
const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

const asked = {
  split: 'test',
  prompts: 8,
  samples: 4,
  receivers: '',
  receiver_backend: 'kernels',
  transfer_answers: 1,
} as const;

const leadId = (lab: Lab) => lead(lab.data)?.id ?? '';
const evaluationsOf = (lab: Lab) => lead(lab.data)?.evaluations ?? NO_EVALUATIONS;

async function running() {
  const worker = new FakeLab();
  const lab = new Lab({ spawn: () => worker });
  open = lab;
  lab.run();
  await settled();
  worker.tick();
  const orders = () =>
    worker.commands.flatMap((command) => (command.type === 'evaluate' ? [command.order] : []));
  return { lab, worker, orders };
}

describe('evaluation on demand', () => {
  test('asks once for the policy before training, and again for each new kind of question', async () => {
    const { lab, worker, orders } = await running();
    lab.evaluate(leadId(lab), asked);
    await settled();
    worker.tick();
    lab.evaluate(leadId(lab), asked);
    await settled();
    expect(orders().map(({ policy }) => policy)).toEqual(['before', 'now', 'now']);
    expect(comparisons(evaluationsOf(lab).results).map(({ step }) => step)).toEqual([1, 1, 2]);
    lab.evaluate(leadId(lab), { ...asked, split: 'ood' });
    await settled();
    expect(
      orders()
        .map(({ policy }) => policy)
        .slice(3),
    ).toEqual(['before', 'now']);
    // Only what was asked the same way stands side by side.
    expect(comparisons(evaluationsOf(lab).results)).toHaveLength(2);
    expect(evaluationsOf(lab).pending).toEqual([]);
    expect(lab.rows).toHaveLength(2);
  });

  test('that fails leaves its reason, that is given up leaves none, and the run goes on', async () => {
    const { lab, worker } = await running();
    const answer = (id: number, kind: 'Cancelled' | 'BadFile') => {
      const error = { kind, message: 'No such model', remedy: 'Choose another.' };
      worker.emit({ type: 'not-evaluated', runId: leadId(lab), id, error });
    };
    // The answers come before the fake worker has read the orders: it answers what nobody waits for any more.
    lab.evaluate(leadId(lab), asked);
    answer(1, 'Cancelled');
    expect(evaluationsOf(lab)).toMatchObject({ problem: null, results: [] });
    answer(2, 'BadFile');
    expect(evaluationsOf(lab).problem?.message).toBe('No such model');
    await settled();
    expect(evaluationsOf(lab)).toMatchObject({ pending: [], results: [] });
    worker.tick();
    expect(lab.rows).toHaveLength(2);
    expect(lab.data.state).toBe('running');
  });

  test('is forgotten with its run', async () => {
    const { lab } = await running();
    lab.evaluate(leadId(lab), asked);
    await settled();
    expect(evaluationsOf(lab).results).toHaveLength(2);
    lab.reset();
    expect(evaluationsOf(lab).results).toEqual([]);
  });
});
