/** What is chosen once: whose probabilities are looked at. Another reader reads the same answer. */

import { PolicyPicker } from '../setup-line.tsx';
import { useSubject, useSubjectData } from '../subject-context.ts';

export function WithoutSetup() {
  const subject = useSubject();
  const policy = useSubjectData((data) => data.policy);
  return (
    <PolicyPicker label="Read by" policy={policy} onChoose={(chosen) => subject.readBy(chosen)} />
  );
}
