/** What is chosen once: the task, and whose probabilities are looked at. */
import { TASKS } from '../../../rl/experiment/catalog.ts';
import type { TaskId } from '../../../rl/tasks/index.ts';
import { Icon } from '../../components/icon.tsx';
import { usePolicyChoices } from '../transfer/lab-policy.ts';
import { TASK_IDS } from '../transfer/transfer-setup.tsx';
import { useWithout, useWithoutScope } from './without-context.tsx';

export function WithoutSetup() {
  const scope = useWithoutScope();
  const task = useWithout((data) => data.task);
  const policy = useWithout((data) => data.policy);
  const { choices, problem } = usePolicyChoices(task);
  const known = choices.some(({ key }) => key === policy.ref.key);
  return (
    <div className="setupline">
      <label className="inline">
        <span className="label">Task</span>
        <span className="select">
          <select value={task} onChange={(event) => scope.chooseTask(event.target.value as TaskId)}>
            {TASK_IDS.map((id) => (
              <option key={id} value={id}>
                {TASKS[id].label}
              </option>
            ))}
          </select>
          <Icon name="down" small />
        </span>
      </label>
      <label className="inline" title={problem}>
        <span className="label">Read by</span>
        <span className="select">
          <select
            value={policy.ref.key}
            onChange={async (event) => {
              const choice = choices.find(({ key }) => key === event.target.value);
              if (choice) scope.choosePolicy(await choice.load());
            }}
          >
            {!known && <option value={policy.ref.key}>{policy.name}</option>}
            {choices.map(({ key, label }) => (
              <option key={key} value={key}>
                {label}
              </option>
            ))}
          </select>
          <Icon name="down" small />
        </span>
      </label>
    </div>
  );
}
