/** What is chosen once: which reward model reads, and whose answers. */
import { useState } from 'react';
import { type ErrorReport, toReport } from '../../../errors.ts';
import { OwnFiles } from '../../components/own-files.tsx';
import { ownReward } from '../../own-model.ts';
import { useRewardChoices } from '../lab-models.ts';
import { ModelPicker } from '../model-picker.tsx';
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
  return (
    <ModelPicker
      label="Reward by"
      model={reward}
      offered={useRewardChoices(task)}
      onChoose={(chosen) => scope.readBy(chosen)}
    />
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
