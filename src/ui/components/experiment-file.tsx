/** The experiment as JSON: to read, to save and to load; and what the run has recorded, to take home. */
import { useRef } from 'react';
import { useLab, usePage } from '../context.ts';
import { type ExportKind, exportPart, takeFiles, trainsReward } from '../files.ts';
import { groupStep, lead, presentRuns } from '../store/runs.ts';
import { FoldBox } from './fold-box.tsx';
import { Icon } from './icon.tsx';
import { SaveButton } from './save-button.tsx';

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
            <SavePart kind="experiment">Save file</SavePart>
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
            <SavePart kind="metrics-csv" disabled={!hasSteps}>
              Metrics, CSV
            </SavePart>
            <SavePart kind="metrics-jsonl" disabled={!hasSteps}>
              Metrics, JSONL
            </SavePart>
            <SavePart kind="samples" disabled={!hasSteps}>
              Samples, JSONL
            </SavePart>
            <SavePart kind="bundle" disabled={!hasSteps}>
              Bundle: all of it in one file
            </SavePart>
            <SavePart kind="manifest" disabled={!hasSteps}>
              Manifest
            </SavePart>
            <SavePart kind="model" disabled={!hasSteps}>
              Model, with its tokenizer
            </SavePart>
            <SavePart kind="onnx" disabled={!hasSteps}>
              Model, ONNX
            </SavePart>
            {rewards && (
              <SavePart kind="reward-model" disabled={!hasSteps}>
                Reward model, safetensors
              </SavePart>
            )}
          </div>
        </div>
      </FoldBox>
    </>
  );
}

function SavePart({
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
    <SaveButton disabled={disabled} save={() => exportPart(page, kind)}>
      {children}
    </SaveButton>
  );
}
