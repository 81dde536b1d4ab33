// @vitest-environment happy-dom
import { screen } from '@testing-library/react';
import { expect, test } from 'vitest';
import { show } from '../testing/show.tsx';
import { MemoryRefusal, PlannedMemory } from './planned-memory.tsx';

test('says what the draft would hold before a run, with its parts, and nothing of it once something runs', async () => {
  const { page, run, settle } = await show(<PlannedMemory />);
  await settle(() => page.lab.show());
  const line = await screen.findByRole('button', {
    name: '48.0 MiB of GPU memory, an update in 2 parts',
  });
  const behind = document.getElementById(line.getAttribute('popovertarget') ?? '');
  expect(behind?.textContent).toBe(
    'weights 3.0 MiB, optimizer 18.0 MiB, activations 16.0 MiB, caches 8.0 MiB, readback 3.0 MiB',
  );
  await run(1);
  expect(screen.queryByText(/of GPU memory/)).toBeNull();
});

test('a draft that does not fit is refused before it is run, with what would fit', async () => {
  const { worker, settle } = await show(<MemoryRefusal />);
  expect(screen.queryByRole('status')).toBeNull();
  const error = {
    ...({ kind: 'OutOfMemory', field: 'method.prompts_per_step' } as const),
    message: 'This run needs 4096 MiB of GPU memory; it may hold 2048 MiB',
    remedy: 'Nothing was started. At most 40 questions a step would fit.',
  };
  await settle(() => worker.emit({ type: 'planned', memory: null, error }));
  expect(screen.getByRole('status').textContent).toContain('At most 40 questions');
});
