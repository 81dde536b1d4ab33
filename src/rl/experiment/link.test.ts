import { describe, expect, test } from 'vitest';
import { changeSetting } from './change.ts';
import { linkKeys, MAX_LINK, readLink, writeLink } from './link.ts';
import { countdownGrpo } from './presets/countdown-grpo.ts';
import { PRESETS, presetExperiment } from './presets/index.ts';
import { type Experiment, experimentSchema } from './schema.ts';
import { type Setting, settingValues } from './settings.ts';

const start = presetExperiment(countdownGrpo);

function changed(experiment: Experiment, path: string, value: unknown): Experiment {
  const parsed = changeSetting(experiment, path, value);
  if (!parsed.ok) throw new Error(parsed.problems[0].message);
  return parsed.experiment;
}

function refusal(link: string): string[] {
  const read = readLink(link);
  if (read === undefined || read.ok) throw new Error('the link was accepted');
  return read.problems.map((problem) => problem.message);
}

/** Characters of the longest value that a link can give a setting. */
function longestValue({ kind, options = [] }: Setting): number {
  const texts = options.map(({ value }) => encodeURIComponent(String(value)));
  // A text may list several of its options.
  if (kind === 'text') return texts.join('%2C').length;
  if (kind === 'choice') return Math.max(...texts.map(({ length }) => length));
  return kind === 'flag' ? 'false'.length : String(-1.2345678901234567e-100).length;
}

const plain = `v=1&preset=countdown-grpo&seed=7`;

describe('a link', () => {
  test('says the version, the preset, the seed, and only what differs', () => {
    const link = writeLink(changed(start, 'method.learning_rate', 3e-4), countdownGrpo);
    expect(link).toMatch(
      /^v=1&preset=countdown-grpo&base=[0-9a-f]{8}&seed=1&learning_rate=0\.0003$/,
    );
  });

  test.each(PRESETS.map((preset) => [preset.id, preset] as const))(
    'gives %s again',
    (_, preset) => {
      const experiment = presetExperiment(preset);
      expect(readLink(`#${writeLink(experiment, preset)}`)).toEqual({
        ok: true,
        preset,
        experiment,
      });
      // Any experiment can be written relative to any preset.
      const far = writeLink(experiment, PRESETS[0]);
      expect(readLink(far)).toEqual({ ok: true, preset: PRESETS[0], experiment });
    },
  );

  test.each(PRESETS.map((preset) => [preset.id, preset] as const))(
    'of %s stays below 2,000 characters, with ten settings changed too',
    (_, preset) => {
      const experiment = presetExperiment(preset);
      const names = linkKeys(experiment);
      const costs = settingValues(experimentSchema, experiment).map(
        ({ setting }, i) => `&${names[i]}=`.length + longestValue(setting),
      );
      const ten = costs.toSorted((a, b) => b - a).slice(0, 10);
      const address = `https://baton.example/some/folder/#${writeLink(experiment, preset)}`;
      expect(address.length + ten.reduce((sum, cost) => sum + cost, 0)).toBeLessThan(2000);
    },
  );

  test('can be written by hand, without the mark of the preset', () => {
    const read = readLink(`#${plain}&epsilon_high=0.28&mask_truncated_completions=true`);
    expect(read).toMatchObject({
      ok: true,
      experiment: {
        seed: 7,
        method: { ...start.method, epsilon_high: 0.28, mask_truncated_completions: true },
      },
    });
  });

  test('names a reward term’s setting by its place, and reads the whole path that earlier builds wrote', () => {
    const half = changed(start, 'rewards.1.weight', 0.5);
    expect(writeLink(half, countdownGrpo)).toMatch(/&r1\.weight=0\.5$/);
    for (const key of ['r1.weight', 'rewards.1.weight']) {
      const read = readLink(`v=1&preset=countdown-grpo&seed=1&${key}=0.5`);
      expect(read).toMatchObject({ ok: true, experiment: half });
    }
    expect(refusal(`${plain}&r1.weight=0.5&rewards.1.weight=0.4`)).toEqual([
      'rewards.1.weight is unknown',
    ]);
  });

  test.each([
    ['learning_rate=0.001', 'method.learning_rate=0.001', 'objective.learning_rate=0.001'],
    ['method=ppo&lam=0.5', 'method.name=ppo&method.lam=0.5', 'objective.algorithm=ppo&lam=0.5'],
  ])(
    'means the same as %s under its whole path, and under that of earlier builds',
    (own, ...others) => {
      const read = readLink(`${plain}&${own}`);
      expect(read?.ok).toBe(true);
      for (const other of others) expect(readLink(`${plain}&${other}`)).toEqual(read);
    },
  );

  test('does not take a setting under two of its names', () => {
    expect(refusal(`${plain}&method.epsilon=0.1&epsilon=0.2`)).toEqual([
      'method.epsilon is unknown',
    ]);
  });

  test('carries other reward terms, each at its defaults except for what the link says', () => {
    const read = readLink(`${plain}&rewards=format,answer&rewards.1.weight=0.5`);
    expect(read).toMatchObject({
      ok: true,
      experiment: { rewards: [{ term: 'format' }, { term: 'answer', weight: 0.5 }] },
    });
  });

  test('carries another method with its own settings, under the name of earlier builds too', () => {
    const read = readLink(`${plain}&method=ppo&lam=1`);
    expect(readLink(`${plain}&algorithm=ppo&lam=1`)).toEqual(read);
    expect(read).toMatchObject({
      ok: true,
      experiment: { method: { name: 'ppo', lam: 1 } },
    });
    expect(refusal(`${plain}&lam=1`)).toEqual(['lam is unknown']);
    expect(refusal(`${plain}&method=ppo&loss_type=grpo`)).toEqual(['loss_type is unknown']);
    expect(refusal(`${plain}&method=sarsa`)[0]).toMatch(/^method\.name is unknown: "sarsa"/);
  });

  test('that is empty is no link', () => {
    expect(readLink('')).toBeUndefined();
    expect(readLink('#')).toBeUndefined();
  });

  test('has a different name for every setting', () => {
    for (const preset of PRESETS) {
      const keys = linkKeys(presetExperiment(preset));
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys.filter((key) => ['v', 'preset', 'base', 'rewards'].includes(key))).toEqual([]);
    }
  });
});

describe('a bad link is refused by name, as a whole', () => {
  test.each([
    ['epsilon=9', 'method.epsilon is 9; allowed is 0 to 1'],
    ['epsilon=abc', 'method.epsilon is "abc"; allowed is 0 to 1'],
    ['epsilon=', 'method.epsilon is ""; allowed is 0 to 1'],
    ['epsilon=0x1', 'method.epsilon is "0x1"; allowed is 0 to 1'],
    ['lerning_rate=1', 'lerning_rate is unknown'],
    ['__proto__.polluted=1', '__proto__.polluted is unknown'],
    ['__proto__=1', '__proto__ is unknown'],
    ['method.constructor=1', 'method.constructor is unknown'],
    ['rewards.0.term=format', 'rewards.0.term is unknown'],
    ['rewards.9.weight=1', 'rewards.9.weight is unknown'],
    ['seed=8', 'seed is given twice'],
    ['beta', 'link has a part that is not name=value: "beta"'],
    ['beta=%E0%A4%A', 'link has a part that is not name=value: "beta=%E0%A4%A"'],
    ['base=00000000', 'preset countdown-grpo has other settings now than when this link was made'],
  ])('%s', (part, message) => {
    expect(refusal(`${plain}&${part}`)).toEqual([message]);
  });

  test('with all its problems at once', () => {
    expect(refusal(`${plain}&epsilon=9&beta=-1&speed=1`)).toEqual([
      'method.epsilon is 9; allowed is 0 to 1',
      'method.beta is -1; allowed is 0 to 10',
      'speed is unknown',
    ]);
  });

  test('for another version, a preset that is not there, or terms and tasks that are not', () => {
    expect(refusal('v=2&preset=countdown-grpo&seed=7')[0]).toMatch(/^v is "2"/);
    expect(refusal('preset=countdown-grpo')[0]).toMatch(/^v is missing/);
    expect(refusal('v=1&preset=__proto__')[0]).toMatch(/^preset is unknown: "__proto__"/);
    expect(refusal('v=1&seed=7')[0]).toMatch(/^preset is missing/);
    expect(refusal(`${plain}&rewards=answer,speed`)[0]).toMatch(/^rewards\.1\.term is unknown/);
    expect(refusal(`${plain}&task.id=chess`)[0]).toMatch(/^task\.id is unknown: "chess"/);
  });

  test('for its length, before it is read', () => {
    expect(refusal(`${plain}&x=${'y'.repeat(MAX_LINK)}`)[0]).toMatch(/^link has \d+ characters/);
  });
});
