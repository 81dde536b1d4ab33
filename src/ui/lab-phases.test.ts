/** A step that waits in a phase: what the page says of it, and how it goes on. */
import { expect, test } from 'vitest';
import type { LabCommand, LabEvent } from '../lab/protocol.ts';
import { lead } from './store/runs.ts';
import { makeLab } from './testing/made-lab.ts';
import { syntheticGroups } from './testing/synthetic-run.ts';

/** A lab whose first step waits after sampling. */
async function waiting() {
  const { lab, worker } = makeLab();
  lab.open();
  await lab.until(({ adapter }) => adapter !== null);
  lab.phase();
  await lab.until(({ state }) => state === 'running');
  const runId = lead(lab.data)?.id ?? '';
  const report = { phase: 'sample', step: 1, samples: syntheticGroups(1, 1), lengths: {} } as const;
  const event: LabEvent = { type: 'phase', runId, ...report };
  worker.emit(event);
  const sent = (): readonly LabCommand['type'][] => worker.commands.map(({ type }) => type);
  return { lab, worker, event, sent };
}

test('it is told, and has no row', async () => {
  const { lab, event, sent } = await waiting();
  expect(sent()).toContain('phase');
  expect(lab.data.standing).toEqual(event);
  expect(lab.data.announcement).toBe('Step 1: answers are sampled.');
  expect([lab.data.state, lab.rows.length]).toEqual(['running', 0]);
});

test('the next phase is asked for, and the step then ends the wait', async () => {
  const { lab, worker, sent } = await waiting();
  lab.phase();
  expect(sent().at(-1)).toBe('phase');
  expect(lab.data.standing).toBeNull();
  await Promise.resolve();
  worker.tick();
  await lab.until(({ state }) => state === 'paused');
  expect(lab.rows.length).toBe(1);
  expect(lab.data.standing).toBeNull();
});

test('Run goes on from there', async () => {
  const { lab, sent } = await waiting();
  lab.run();
  expect(sent().at(-1)).toBe('resume');
  expect(lab.data).toMatchObject({ standing: null, halting: false });
});

test.each(['step', 'pause'] as const)('%s does the rest of the step', async (command) => {
  const { lab, worker, sent } = await waiting();
  lab[command]();
  expect(sent().at(-1)).toBe('pause');
  await Promise.resolve();
  worker.tick();
  await lab.until(({ state }) => state === 'paused');
  expect(sent().filter((type) => type === 'step')).toEqual([]);
});

test('a reset ends it', async () => {
  const { lab } = await waiting();
  lab.reset();
  expect(lab.data.standing).toBeNull();
});
