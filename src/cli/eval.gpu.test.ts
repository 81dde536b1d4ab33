/** `eval` on the lab's device: receivers, splits, more answers than fit at once, and what is refused. */
import { copyFileSync, mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { labHere, root, scratchFolder } from './testing/lab.ts';

const folder = scratchFolder();
const MODEL = ['eval', '--model', 'policies/chain-nano', '--task', 'chain', '--prompts', '4'];
/** The policy as a decoder file, its tokenizer.json beside it. */
async function bring(name: string) {
  copyFileSync(
    join(root, 'public/models/policies/chain-nano/tokenizer.json'),
    join(folder, 'tokenizer.json'),
  );
  copyFileSync(
    join(root, 'public/models/policies/chain-nano/config.json'),
    join(folder, 'config.json'),
  );
  return labHere(['export-onnx', '--model', 'policies/chain-nano', '--out', name], folder);
}
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

  it('says what was asked, and what the policy knows from its warm start', async () => {
    const args = ['--samples', '1', '--prompts', '8', '--max-completion-length', '8'];
    const steps = await labHere(
      ['eval', '--model', 'policies/chain-steps', '--task', 'chain', '--split', 'ood', ...args],
      folder,
    );
    expect(steps.status, steps.log).toBe(0);
    expect(steps.result).toMatchObject({ prompts: 8, distinct: 8, clusters: 8 });
    expect(steps.result.familiar.within).toBe(8);
    expect(steps.log).toContain('asked: 8 questions');
    expect(steps.log).toMatch(/note: Not out of distribution for this policy: all 8 questions/);
    const nano = await eval_('--split', 'ood', '--samples', '1');
    expect(nano.result.familiar).toMatchObject({ within: 0, trained: 0 });
    expect(nano.log).not.toContain('note:');
  });

  it('draws more answers than fit at once, and one alone', async () => {
    const few = await eval_('--samples', '1');
    const many = await eval_('--samples', '300');
    expect([few.status, many.status]).toEqual([0, 0]);
    expect(many.result.pass_at_k).toHaveLength(300);
    expect(many.result.pass_at_k[0]).toBeCloseTo(many.result.accuracy, 12);
    expect(few.result.pass_at_k).toEqual([few.result.accuracy]);
  });

  it('asks receivers through the ONNX runtime, a decoder of one’s own among them', async () => {
    expect((await bring('My model.onnx')).status).toBe(0);
    const args = ['--receiver-backend', 'onnx', '--samples', '2'];
    const run = await eval_(
      ...args,
      '--own-receiver',
      'My model.onnx',
      '--receivers',
      'policy own/my-model',
    );
    expect(run.status, run.log).toBe(0);
    const [policy, own] = run.result.transfer.receivers;
    expect(own.receiver).toBe('own/my-model');
    // The file was made from the policy: it is the same model by another road.
    expect({ ...own, receiver: 'policy' }).toEqual(policy);
    const onKernels = await eval_('--samples', '2', '--receivers', 'policy');
    expect(onKernels.result.accuracy).toBe(run.result.accuracy);
    expect(policy.transferability).toBeCloseTo(
      onKernels.result.transfer.receivers[0].transferability,
      1,
    );
  });

  it('refuses decoders of one’s own by what is wrong with them', async () => {
    await bring('good.onnx');
    const good = readFileSync(join(folder, 'good.onnx'));
    writeFileSync(join(folder, 'cut.onnx'), good.subarray(0, 5000));
    writeFileSync(join(folder, 'text.onnx'), 'this is a text');
    // Sparse: its size is all there is of it.
    writeFileSync(join(folder, 'huge.onnx'), '');
    truncateSync(join(folder, 'huge.onnx'), 600 * 2 ** 20);
    mkdirSync(join(folder, 'a/b'), { recursive: true });
    writeFileSync(join(folder, 'a/b/alone.onnx'), good);
    const refused = [
      ['cut.onnx', 'own/cut', /cut off/],
      ['text.onnx', 'own/text', /not an ONNX file/],
      ['huge.onnx', 'own/huge', /600 MiB; at most 512 MiB/],
      ['a/b/alone.onnx', 'own/alone', /no tokenizer.json/],
      ['nowhere.onnx', 'own/nowhere', /is not there/],
      ['good.onnx', 'own/other', /no decoder own\/other.*own\/good/],
    ] as const;
    for (const [file, id, why] of refused) {
      const { status, result } = await eval_('--own-receiver', file, '--receivers', id);
      expect(status, file).not.toBe(0);
      expect(result.error.message, file).toMatch(why);
    }
    const { result } = await eval_('--receivers', 'own/good');
    expect(result.error).toMatchObject({ kind: 'BadConfig', field: '--receivers' });
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
