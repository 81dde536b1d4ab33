// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '../testing/show.tsx';
import { SmallScreen } from './small-screen.tsx';

const said = () => screen.queryByText(/a laptop is faster/);

test('says that nothing is computed as long as nobody has asked for the GPU', async () => {
  const { page, run, worker, settle } = await show(<SmallScreen />, { open: false });
  await settle(() => page.lab.show());
  expect(worker.commands).toEqual([]);
  expect(said()).not.toBeNull();
  await run(1);
  expect(worker.commands[0].type).toBe('open');
  expect(said()).toBeNull();
});
