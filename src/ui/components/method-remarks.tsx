/** What may surprise about a run of the draft, said before it begins. */
import { methodOf } from '../../rl/methods/index.ts';
import { useLab } from '../context.ts';
import { Notice } from './notice.tsx';

export function MethodRemarks() {
  const method = useLab((data) => data.draft.method);
  const steps = useLab((data) => data.draft.steps);
  return methodOf(method)
    .remarks(steps)
    .map(({ title, text }) => (
      <Notice key={title} tone="info" title={title}>
        <p>{text}</p>
      </Notice>
    ));
}
