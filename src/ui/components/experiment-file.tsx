/** The experiment as JSON: to read, to save and to load; and what the run has recorded, to take home. */
import { useRef } from 'react';
import { useLab, usePage } from '../context.ts';
import { type ExportKind, exportPart, takeFiles, trainsReward } from '../files.ts';
import { groupStep, lead, presentRuns } from '../store/runs.ts';
import { FoldBox } from './fold-box.tsx';
import { Icon } from './icon.tsx';

export function ExperimentFile() {
  const page = usePage();
  const draft = useLab((data) => data.draft);
  const changed = useLab((data) => lead(data)?.manifest?.changed_kernels !== undefined);
  const hash = useLab((data) => lead(data)?.hash ?? '');
  const rewards = useLab((data) => presentRuns(data).some((run) => trainsReward(run.experiment)));
  const hasSteps = useLab((data) => groupStep(data) > 0);
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <FoldBox id="json" title="Experiment as JSON" gist="">
        <div className="jsonbox">
          <textarea
            readOnly
            spellCheck={false}
            rows={12}
            aria-label="Experiment as JSON"
            value={JSON.stringify(draft, null, 2)}
          />
          <div className="acts">
            <SaveButton kind="experiment">Save file</SaveButton>
            <button className="btn" type="button" onClick={() => input.current?.click()}>
              <Icon name="file" />
              Load file
            </button>
            <input
              ref={input}
              className="sr"
              type="file"
              multiple
              accept=".json,application/json,.gz,.tgz,application/gzip,.tar,.safetensors"
              aria-label="Experiment, bundle or model"
              tabIndex={-1}
              onChange={(event) => {
                const files = [...(event.target.files ?? [])];
                // The same file chosen again must be read again.
                event.target.value = '';
                void takeFiles(page, files);
              }}
            />
          </div>
        </div>
      </FoldBox>
      <FoldBox id="export" title="Export the run" gist={hash.slice(0, 8)}>
        <div className="jsonbox">
          {hasSteps ? (
            <p className="help">
              {changed
                ? 'This run has used a changed kernel: only runs with the same change, which the manifest names, give equal metrics.'
                : 'Equal experiments on one adapter and build give equal metrics.'}{' '}
              Their hash is now <code>{hash.slice(0, 16)}</code>.
            </p>
          ) : (
            <p className="help">Nothing is recorded yet. Press Run.</p>
          )}
          <div className="acts">
            <SaveButton kind="metrics-csv" disabled={!hasSteps}>
              Metrics, CSV
            </SaveButton>
            <SaveButton kind="metrics-jsonl" disabled={!hasSteps}>
              Metrics, JSONL
            </SaveButton>
            <SaveButton kind="samples" disabled={!hasSteps}>
              Samples, JSONL
            </SaveButton>
            <SaveButton kind="bundle" disabled={!hasSteps}>
              Bundle: all of it in one file
            </SaveButton>
            <SaveButton kind="manifest" disabled={!hasSteps}>
              Manifest
            </SaveButton>
            <SaveButton kind="model" disabled={!hasSteps}>
              Model, with its tokenizer
            </SaveButton>
            <SaveButton kind="onnx" disabled={!hasSteps}>
              Model, ONNX
            </SaveButton>
            {rewards && (
              <SaveButton kind="reward-model" disabled={!hasSteps}>
                Reward model, safetensors
              </SaveButton>
            )}
          </div>
        </div>
      </FoldBox>
    </>
  );
}

function SaveButton({
  kind,
  disabled,
  children,
}: {
  kind: ExportKind;
  disabled?: boolean;
  children: string;
}) {
  const page = usePage();
  return (
    <button
      className="btn"
      type="button"
      disabled={disabled}
      onClick={() => void exportPart(page, kind)}
    >
      <Icon name="save" />
      {children}
    </button>
  );
}
