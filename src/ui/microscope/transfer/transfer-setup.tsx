/** What is chosen once: who answers, how many tries, who finishes, and whether two policies are compared. */
import { usePolicyChoices } from '../lab-models.ts';
import { PolicyPicker } from '../setup-line.tsx';
import { LineKey, laneSlot } from './line-key.tsx';
import { ReceiverPicker } from './receiver-picker.tsx';
import { useScope, useTransfer } from './transfer-context.tsx';
import { isBeside, TRIES } from './transfer-data.ts';

export function TransferSetup() {
  const scope = useScope();
  const comparing = useTransfer((data) => data.lanes.length > 1 && !isBeside(data));
  const { choices } = usePolicyChoices(useTransfer((data) => data.task));
  const other = choices.find(({ key }) => key !== scope.data.lanes[0].policy.ref.key);
  return (
    <>
      <LanePolicy lane={0} label="Answer by" />
      {comparing && <LanePolicy lane={1} label="and" />}
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
    </>
  );
}

function LanePolicy({ lane, label }: { lane: number; label: string }) {
  const scope = useScope();
  const policy = useTransfer(({ lanes }) => lanes[lane].policy);
  return (
    <PolicyPicker
      label={label}
      policy={policy}
      mark={<LineKey className={`r${laneSlot(policy.ref.kind, lane)}`} />}
      onChoose={(chosen) => scope.choosePolicy(lane, chosen)}
    />
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
