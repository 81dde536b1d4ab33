/** What is chosen once: which reward model reads, and whose answers. */
import { useId } from 'react';
import { Select } from '../../components/select.tsx';
import { rewardsOf } from '../models.ts';
import { PolicyPicker } from '../setup-line.tsx';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { useWrong, useWrongScope } from './wrong-context.tsx';

export function WrongSetup() {
  const subject = useSubject();
  const policy = useSubjectData((data) => data.policy);
  return (
    <>
      <RewardPicker />
      <PolicyPicker
        label="Answer by"
        policy={policy}
        onChoose={(chosen) => subject.answerBy(chosen)}
      />
    </>
  );
}

function RewardPicker() {
  const scope = useWrongScope();
  const task = useSubjectData((data) => data.task);
  const reward = useWrong((data) => data.reward);
  const choices = rewardsOf(task);
  const id = useId();
  return (
    <label className="inline" htmlFor={id}>
      <span className="label">Reward by</span>
      <Select
        id={id}
        value={reward.ref.key}
        onChange={(event) => {
          const choice = choices.find(({ ref }) => ref.key === event.target.value);
          if (choice) scope.readBy(choice);
        }}
      >
        {choices.map(({ ref, name }) => (
          <option key={ref.key} value={ref.key}>
            {name}
          </option>
        ))}
      </Select>
    </label>
  );
}
