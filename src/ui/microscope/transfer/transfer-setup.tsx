/** What is chosen once: the task, who answers, how many tries, who finishes, and whether two policies are compared. */
import { TASKS } from '../../../rl/experiment/catalog.ts';
import type { TaskId } from '../../../rl/tasks/index.ts';
import { Icon } from '../../components/icon.tsx';
import { usePolicyChoices } from './lab-policy.ts';
import { policiesOf } from './models.ts';
import { ReceiverPicker } from './receiver-picker.tsx';
import { useScope, useTransfer } from './transfer-context.tsx';
import { TRIES } from './transfer-data.ts';

/** Tasks with at least one bundled policy. */
export const TASK_IDS = (Object.keys(TASKS) as TaskId[]).filter((id) => policiesOf(id).length > 0);

/** The slot of a lane's policy: the lab's run has the first, as in its charts. */
export function laneSlot(kind: 'bundled' | 'lab' | 'own', lane: number): number {
  if (kind === 'lab') return 1;
  return lane === 0 ? 5 : 2;
}

export function TransferSetup() {
  const scope = useScope();
  const comparing = useTransfer(({ lanes }) => lanes.length > 1);
  const { choices } = usePolicyChoices(useTransfer((data) => data.task));
  const other = choices.find(({ key }) => key !== scope.data.lanes[0].policy.ref.key);
  return (
    <div className="setupline">
      <TaskPicker />
      <PolicyPicker lane={0} label="Answer by" />
      {comparing && <PolicyPicker lane={1} label="and" />}
      <TriesField />
      <ReceiverPicker />
      <button
        className="btn"
        type="button"
        aria-pressed={comparing}
        disabled={!comparing && other === undefined}
        onClick={async () => {
          if (comparing) scope.compare(null);
          else if (other) scope.compare(await other.load());
        }}
      >
        Compare two policies
      </button>
    </div>
  );
}

function TaskPicker() {
  const scope = useScope();
  const task = useTransfer((data) => data.task);
  return (
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
  );
}

function PolicyPicker({ lane, label }: { lane: number; label: string }) {
  const scope = useScope();
  const policy = useTransfer(({ lanes }) => lanes[lane].policy);
  const { choices, problem } = usePolicyChoices(useTransfer((data) => data.task));
  const known = choices.some(({ key }) => key === policy.ref.key);
  return (
    <label className="inline" title={problem}>
      <LineKey className={`r${laneSlot(policy.ref.kind, lane)}`} />
      <span className="label">{label}</span>
      <span className="select">
        <select
          value={policy.ref.key}
          onChange={async (event) => {
            const choice = choices.find(({ key }) => key === event.target.value);
            if (choice) scope.choosePolicy(lane, await choice.load());
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
  );
}

function TriesField() {
  const scope = useScope();
  const tries = useTransfer((data) => data.tries);
  return (
    <label className="inline">
      <span className="label">Tries</span>
      <span className="num">
        <input
          type="number"
          aria-label="Tries per receiver and cut"
          min={TRIES.least}
          max={TRIES.most}
          key={tries}
          defaultValue={tries}
          onBlur={(event) => take(event.currentTarget)}
          onKeyDown={(event) => {
            if (event.key === 'Enter') take(event.currentTarget);
          }}
        />
      </span>
    </label>
  );

  function take(input: HTMLInputElement) {
    const value = Math.round(Number(input.value));
    const allowed = Math.min(TRIES.most, Math.max(TRIES.least, value || tries));
    input.value = String(allowed);
    if (allowed !== tries) scope.setTries(allowed);
  }
}

/** A short piece of line, as it stands in the plot. */
export function LineKey({ className }: { className: string }) {
  return (
    <svg className="key" viewBox="0 0 20 10" preserveAspectRatio="none" aria-hidden="true">
      <path className={className} d="M0 5H20" />
    </svg>
  );
}
