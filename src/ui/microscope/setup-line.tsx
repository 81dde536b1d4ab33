/** What every microscope lets a person choose: the task, and a policy. */
import { type ReactNode, useId } from 'react';
import { Select } from '../components/select.tsx';
import { OpenPolicy } from '../own-policies/open-policy.tsx';
import { usePolicyChoices } from './lab-models.ts';
import { ModelPicker } from './model-picker.tsx';
import { keptPolicy, type ModelChoice, OFFERED_TASKS } from './models.ts';
import { useSubject, useSubjectData } from './subject-context.ts';

export function TaskPicker() {
  const subject = useSubject();
  const task = useSubjectData((data) => data.task);
  const id = useId();
  return (
    <label className="inline" htmlFor={id}>
      <span className="label">Task</span>
      <Select id={id} value={task} onChange={(event) => subject.chooseTask(event.target.value)}>
        {OFFERED_TASKS.map(({ id, label }) => (
          <option key={id} value={id}>
            {label}
          </option>
        ))}
      </Select>
    </label>
  );
}

interface PolicyPickerProps {
  readonly label: string;
  readonly policy: ModelChoice;
  readonly onChoose: (policy: ModelChoice) => void;
  /** Stands before the label, such as the policy's line in a plot. */
  readonly mark?: ReactNode;
}

/** The bundled policies of the task, the lab's own as it is now, and the person's own, of which another can be opened. */
export function PolicyPicker({ label, policy, onChoose, mark }: PolicyPickerProps) {
  const offered = usePolicyChoices(useSubjectData((data) => data.task));
  return (
    <>
      <ModelPicker {...{ label, offered, onChoose, mark }} model={policy} />
      <OpenPolicy onOpened={(opened) => onChoose(keptPolicy(opened))} />
    </>
  );
}
