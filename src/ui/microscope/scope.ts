/** What a microscope brings: one folder and one line in scopes.ts. Question, policy, answer and address are the shell's. */
import type { ComponentType } from 'react';
import type { InstrumentProps } from './subject-context.ts';

export interface Scope {
  /** In the address of its tab, `#` left to experiments: `?page=microscope&scope=duel`. The first has none. */
  readonly id: string;
  readonly label: string;
  /** What happens once a question is picked. */
  readonly about: string;
  /** What to do, in a sentence under the question. */
  readonly hint: string;
  /** Keeps what it has found while another microscope shows (subject-context.ts). */
  readonly Provider: ComponentType<InstrumentProps>;
  /** What is chosen once, in the line of the tabs after the task. */
  readonly Setup: ComponentType;
  /** Stands above the questions while none is picked, where there is another way to begin. */
  readonly Start?: ComponentType;
  /** Buttons of its own beside the question. */
  readonly Acts?: ComponentType;
  /** What it shows of the question that is asked. */
  readonly Body: ComponentType;
  /** True: it looks at the lab's run. No task and no question is picked, and its body is all it shows. */
  readonly ofRun?: true;
}
