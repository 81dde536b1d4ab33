/** What is chosen once: the critic before training. */
import { PolicyPicker } from '../setup-line.tsx';
import { useSubject, useSubjectData } from '../subject-context.ts';

export function ArenaSetup() {
  const subject = useSubject();
  const policy = useSubjectData((data) => data.policy);
  return (
    <PolicyPicker label="Critic" policy={policy} onChoose={(chosen) => subject.readBy(chosen)} />
  );
}
