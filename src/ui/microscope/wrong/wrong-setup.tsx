/** What is chosen once: which reward model reads, and whose answers. */
import { useId, useState } from 'react';
import { type ErrorReport, toReport } from '../../../errors.ts';
import { OwnFiles } from '../../components/own-files.tsx';
import { Select } from '../../components/select.tsx';
import { ownReward } from '../../own-model.ts';
import { useRewardChoices } from '../lab-models.ts';
import { PolicyPicker } from '../setup-line.tsx';
import { useSubject, useSubjectData } from '../subject-context.ts';
import { useWrong, useWrongScope } from './wrong-context.tsx';

export function WrongSetup() {
  const subject = useSubject();
  const policy = useSubjectData((data) => data.policy);
  return (
    <>
      <RewardPicker />
      <OwnReward />
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
  const { choices, problem } = useRewardChoices(task);
  const known = choices.some(({ key }) => key === reward.ref.key);
  const id = useId();
  return (
    <label className="inline" htmlFor={id} title={problem}>
      <span className="label">Reward by</span>
      <Select
        id={id}
        value={reward.ref.key}
        onChange={async (event) => {
          const choice = choices.find(({ key }) => key === event.target.value);
          if (choice) scope.readBy(await choice.load());
        }}
      >
        {!known && <option value={reward.ref.key}>{reward.name}</option>}
        {choices.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </Select>
    </label>
  );
}

/** A reward model that `lab train` left, opened from its folder. */
function OwnReward() {
  const scope = useWrongScope();
  const [problem, setProblem] = useState<ErrorReport | null>(null);
  return (
    <>
      <OwnFiles
        label="Open a reward model"
        title="A reward model of your own: model.safetensors, config.json and tokenizer.json, chosen together. Nothing leaves this device."
        accept=".safetensors,.json"
        onFiles={(files) => {
          try {
            scope.readBy(ownReward(files));
            setProblem(null);
          } catch (error) {
            setProblem(toReport(error));
          }
        }}
      />
      {problem && (
        <p className="problem" role="alert">
          {problem.message}. {problem.remedy}
        </p>
      )}
    </>
  );
}
