/** A step that waits between its phases has the bits of one that does not, and a run goes on from there. */
import { afterAll, describe, expect, it } from 'vitest';
import type { LabEvent } from './protocol.ts';
import { alone, closeDevices, experiment, start } from './testing/start-session.ts';

afterAll(closeDevices);

type PhaseEvent = Extract<LabEvent, { type: 'phase' }>;
const isPhase = (event: LabEvent): event is PhaseEvent => event.type === 'phase';

describe('a step in phases', () => {
  it('tells what is known after each, and leaves the rows of a run that went through', async () => {
    // The entropy bonus moves the policy also where no group has a signal.
    const method = { num_generations: 2, prompts_per_step: 2, max_completion_length: 24 };
    const settings = experiment({
      steps: 3,
      method: { ...method, learning_rate: 1e-3, entropy_coef: 0.01 },
    });
    const whole = start();
    whole.session.handle({ type: 'run', ...alone('whole', settings) });
    await whole.state('whole', 'finished');

    const lab = start();
    const told: PhaseEvent[] = [];
    const phase = async () => {
      const from = lab.events.length;
      lab.session.handle({ type: 'phase', ...alone('parts', settings) });
      told.push(await lab.until(isPhase, from));
    };
    for (let i = 0; i < 4; i += 1) await phase();
    expect(lab.rows('parts')).toHaveLength(0);
    lab.session.handle({ type: 'phase', ...alone('parts', settings) });
    await lab.state('parts', 'paused');
    expect(lab.rows('parts')).toHaveLength(1);
    expect(told.map((event) => [event.step, event.phase])).toEqual([
      [1, 'sample'],
      [1, 'score'],
      [1, 'advantage'],
      [1, 'update'],
    ]);

    const [sampled, scored, compared, updated] = told.map(
      ({ samples }) => samples[0].completions[0],
    );
    expect([sampled.reward, sampled.advantage, sampled.correct]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(Object.keys(sampled.tokens)).toEqual(['logprob']);
    expect([typeof scored.reward, scored.advantage]).toEqual(['number', undefined]);
    const step = lab.events.find((event) => event.type === 'step');
    const logged = step?.type === 'step' ? step.samples[0].completions[0] : undefined;
    expect(compared).toMatchObject({ reward: logged?.reward, advantage: logged?.advantage });
    const { before, after } = updated.tokens;
    expect(before.length).toBe(updated.pieces.length);
    expect(after.some((value, t) => value !== before[t])).toBe(true);

    // In the middle of the second step the rest is done without waiting.
    await phase();
    lab.session.handle({ type: 'resume', groupId: 'parts' });
    await lab.state('parts', 'finished');
    expect(lab.rows('parts')).toEqual(whole.rows('whole'));
    expect(lab.hash('parts')).toBe(whole.hash('whole'));
  });

  it('is finished by a pause, and ended by a stop', async () => {
    const settings = experiment({ steps: 3 });
    const lab = start();
    lab.session.handle({ type: 'phase', ...alone('a', settings) });
    await lab.until(isPhase);
    lab.session.handle({ type: 'pause', groupId: 'a' });
    await lab.state('a', 'paused');
    expect(lab.rows('a')).toHaveLength(1);
    const from = lab.events.length;
    lab.session.handle({ type: 'phase', ...alone('a', settings) });
    await lab.until((event): event is PhaseEvent => isPhase(event) && event.step === 2);
    lab.session.handle({ type: 'stop', groupId: 'a' });
    await lab.state('a', 'idle', from);
    expect(lab.rows('a')).toHaveLength(1);
  });
});
