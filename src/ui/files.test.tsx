// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { Notices } from './components/notices.tsx';
import { takeFiles } from './files.ts';
import { show } from './testing/show.tsx';

describe('the manifest of a run, opened', () => {
  const open = async (more: object) => {
    const shown = await show(<Notices />);
    const { page, settle } = shown;
    const experiment = { ...page.lab.data.draft, steps: 7 };
    const manifest = { version: 1, experiment, experiment_hash: 'ab', ...more };
    const file = new File([JSON.stringify(manifest)], 'run-manifest.json');
    await settle(() => takeFiles(page, [file]));
    expect(page.lab.data.draft.steps).toBe(7);
    return shown;
  };

  test('gives the experiment that the run began with, and says nothing more where nothing was moved', async () => {
    const { page } = await open({});
    expect(page.view.getState().message).toBeNull();
  });

  test('names what was moved live, which is not applied', async () => {
    const { page } = await open({
      live_changes: [
        { step: 20, path: 'method.learning_rate', value: 0.0001 },
        { step: 'x', path: 5 },
        null,
      ],
    });
    expect(screen.getByText(/The moves are not applied/)).toBeTruthy();
    expect(screen.getByText('method.learning_rate').parentElement?.textContent).toBe(
      'method.learning_rate 1.0e−4 from step 20',
    );
    expect(page.view.getState().message?.lines).toHaveLength(2);
  });
});
