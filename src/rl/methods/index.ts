/** All methods by name. A new method is one file and one line here. */
import type { Shape } from '../experiment/field.ts';
import type { OneOf } from '../experiment/structure.ts';
import type { OfflineLine, OfflineLoss } from '../learn/offline.ts';
import type { Task } from '../tasks/task.ts';
import { airl } from './airl.ts';
import { dpo } from './dpo.ts';
import { grpo } from './grpo.ts';
import type {
  Contradiction,
  CriticUse,
  Method,
  MethodCharts,
  Needs,
  Remark,
  Step,
  StepReport,
  TokenRewardUse,
} from './method.ts';
import { opsd } from './opsd.ts';
import { ppo } from './ppo.ts';
import { raro } from './raro.ts';
import { rationalization } from './rationalization.ts';
import { sft } from './sft.ts';
import { vineppo } from './vineppo.ts';

export const methods = { grpo, ppo, vineppo, sft, raro, dpo, rationalization, airl, opsd };

export type MethodName = keyof typeof methods;

/** A method's name and settings, as they stand in an experiment. */
export type MethodConfig = OneOf<'name', typeof methods>;

/** A method with its settings chosen. */
export interface ChosenMethod {
  readonly label: string;
  readonly rewarded: boolean;
  readonly needs: Needs;
  /** The most completions that a step samples at once. */
  readonly completions: number;
  readonly charts: MethodCharts;
  readonly contradictions: readonly Contradiction[];
  objections(task: Task): readonly Contradiction[];
  /** What a person should know before a run of so many steps. */
  remarks(steps: number): readonly Remark[];
  /** How it makes advantages of a reward per token; null where its rewards are of whole completions. */
  readonly tokenRewards: TokenRewardUse | null;
  /** How its critic compares two answers, or why it does not; null where it has none. */
  readonly critic: CriticUse | Contradiction | null;
  step(step: Step): Promise<StepReport>;
  /** @throws BadFile */
  offline(lines: readonly OfflineLine[]): OfflineLoss;
}

/** The method that an experiment names, with its settings. */
export function methodOf({ name, ...settings }: MethodConfig): ChosenMethod {
  // The schema has paired each name with its own settings; TypeScript cannot follow a pairing through a lookup.
  const method = methods[name] as unknown as Method<Shape>;
  return {
    ...{ label: method.label, rewarded: method.rewarded },
    needs: method.needs(settings),
    completions: method.completions(settings),
    charts: method.charts(settings),
    contradictions: method.contradictions?.(settings) ?? [],
    objections: (task) => method.objections?.(task, settings) ?? [],
    remarks: (steps) => method.remarks?.(settings, steps) ?? [],
    tokenRewards: method.tokenRewards?.(settings) ?? null,
    critic: method.critic?.(settings) ?? null,
    step: (step) => method.step(step, settings),
    offline: (lines) => method.offline(lines, settings),
  };
}
