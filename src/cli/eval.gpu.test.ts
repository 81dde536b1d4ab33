/** `eval` on the lab's device: receivers, splits, more answers than fit at once, and what is refused. */
import { describe, expect, it } from 'vitest';
import { labHere, scratchFolder } from './testing/lab.ts';

const folder = scratchFolder();
const MODEL = ['eval', '--model', 'policies/chain-nano', '--task', 'chain', '--prompts', '4'];
const eval_ = (...args: readonly string[]) =>
  labHere([...MODEL, '--max-completion-length', '24', ...args], folder);

describe('eval', () => {
  it('measures transferability with intervals, logs the curves, and says the same twice', async () => {
    const args = ['--samples', '6', '--receivers', 'policy policies/chain-nano', '--curves'];
    const run = await eval_(...args, '--split', 'ood');
    expect(run.status, run.log).toBe(0);
    const { transfer, maj_at_k, maj_at_k_interval } = run.result;
    expect(maj_at_k_interval.low).toHaveLength(maj_at_k.length);
    expect(transfer.receivers.map((r: { receiver: string }) => r.receiver)).toEqual([
      'policy',
      'policies/chain-nano',
    ]);
    // The same weights by two names are asked the same and do the same.
    const [own, again] = transfer.receivers;
    expect({ ...again, receiver: 'policy' }).toEqual(own);
    expect(own.success).toHaveLength(10);
    for (const line of ['k 1: maj ', 'k 4: maj ', 'k 6: maj ', 'policy, tau 0.9 to 1.0: ']) {
      expect(run.log).toContain(line);
    }
    expect(run.log).toMatch(/policy: transferability \d\.\d{3} \(\d\.\d{3} to /);
    expect((await eval_(...args, '--split', 'ood')).result).toEqual(run.result);
    expect((await eval_(...args)).result.accuracy).not.toBe(run.result.accuracy);
  });

  it('draws more answers than fit at once, and one alone', async () => {
    const few = await eval_('--samples', '1');
    const many = await eval_('--samples', '300');
    expect([few.status, many.status]).toEqual([0, 0]);
    expect(many.result.pass_at_k).toHaveLength(300);
    expect(many.result.pass_at_k[0]).toBeCloseTo(many.result.accuracy, 12);
    expect(few.result.pass_at_k).toEqual([few.result.accuracy]);
  });

  it('refuses receivers that are no list or are not there, by the option', async () => {
    for (const [list, kind] of [
      ['policy,policy', 'BadConfig'],
      ['receivers/nobody', 'BadFile'],
    ]) {
      const { status, result } = await eval_('--receivers', list);
      expect(status).not.toBe(0);
      expect(result.error).toMatchObject({ kind, field: '--receivers' });
    }
  });
});
