/** What every microscope lets a person choose: the task, and a policy. */
import { type ReactNode, useId } from 'react';
import { Select } from '../components/select.tsx';
import { OpenPolicy } from '../own-policies/open-policy.tsx';
import { usePolicyChoices } from './lab-models.ts';
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
  const { choices, problem } = usePolicyChoices(useSubjectData((data) => data.task));
  const known = choices.some(({ key }) => key === policy.ref.key);
  const id = useId();
  return (
    <>
      <label className="inline" htmlFor={id} title={problem}>
        {mark}
        <span className="label">{label}</span>
        <Select
          id={id}
          value={policy.ref.key}
          onChange={async (event) => {
            const choice = choices.find(({ key }) => key === event.target.value);
            if (choice) onChoose(await choice.load());
          }}
        >
          {!known && <option value={policy.ref.key}>{policy.name}</option>}
          {choices.map(({ key, label }) => (
            <option key={key} value={key}>
              {label}
            </option>
          ))}
        </Select>
      </label>
      <OpenPolicy onOpened={(opened) => onChoose(keptPolicy(opened))} />
    </>
  );
}
