// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { SCOPES } from '../microscope/scopes.ts';
import { show } from '../testing/show.tsx';
import { listedCharts, listedSettings } from './glossary.ts';
import { numbersOf, TERMS_WITH_NUMBERS } from './numbers.ts';
import { WithNumbers } from './with-numbers.tsx';

const link = () => screen.queryByRole('link', { name: 'With this run’s numbers' });

describe('a term with the numbers of the run', () => {
  test('is one of the glossary, and leads to a microscope that looks at runs', () => {
    const keys = [...listedCharts(), ...listedSettings()].map(({ key }) => key);
    const found = keys.filter((key) => numbersOf(key) !== undefined);
    for (const term of TERMS_WITH_NUMBERS) {
      expect(
        found.some((key) => key.split(' ')[0] === term),
        term,
      ).toBe(true);
    }
    const looking = SCOPES.filter(({ ofRun }) => ofRun).map(({ id }) => id);
    for (const key of found) expect(looking).toContain(numbersOf(key));
  });

  test('is not what another method calls by the same name', () => {
    expect(numbersOf('method.beta dpo')).toBeUndefined();
    expect(numbersOf('method.beta')).toBe('losses');
  });

  test('has a link once a run has a step, which opens its microscope', async () => {
    const { page, run, user } = await show(<WithNumbers term="kl" />);
    expect(link()).toBeNull();
    await run(1);
    const found = link();
    if (!found) throw new Error('no link is shown');
    await user.click(found);
    expect(page.view.getState()).toMatchObject({ page: 'microscope', scope: 'losses' });
  });

  test('has none where the term stands in no microscope', async () => {
    const { run } = await show(<WithNumbers term="speed" />);
    await run(1);
    expect(link()).toBeNull();
  });
});
