/** Whether the lab computes with a changed text of the open file, and how to put it in and take it out. */
import type { ChangedKernel } from '../../lab/changed-kernels.ts';
import { Icon } from '../components/icon.tsx';
import { useLab, usePage } from '../context.ts';
import { useKernelsState } from './kernels-context.ts';

/** Whether any kernel that runs on this device is made of the file; true while that is not known. */
function useRunsHere(file: string): boolean {
  const catalogue = useKernelsState((state) => state.catalogue);
  const running = useKernelsState((state) => state.machine?.running);
  if (!catalogue || !running) return true;
  return catalogue.kernels.some(({ id, variants }) =>
    variants.some(({ name, files }) => name === running[id] && files.includes(file)),
  );
}

/** A line above the verdict; nothing where the lab uses the original and was not asked for another. */
export function LabUse({ file, text }: { file: string; text: string }) {
  const { lab } = usePage();
  const used = useLab((data) => data.kernels.used.find((kernel) => kernel.file === file));
  const asked = useLab((data) => data.kernels.asked.find((kernel) => kernel.file === file));
  const error = useLab((data) => data.kernels.error);
  if (!used && !asked && !error) return null;
  const waiting = used?.sha256 !== asked?.sha256;
  return (
    <div className="labuse" role="status">
      {error && (
        <p className="wrong">
          <Icon name="error" />
          <span>
            <b>The lab refused it: {error.message}.</b> The run goes on as it was. {error.remedy}
          </span>
        </p>
      )}
      {(used || asked) && (
        <p>
          <Icon name="chip" />
          <span>
            <b>
              {waiting
                ? `${asked ? 'Goes into' : 'Leaves'} the lab when the step under way has ended.`
                : `The lab computes with ${used?.text === text ? 'this text' : 'another text of yours'}.`}
            </b>{' '}
            <span className="quiet">
              It stays until you restore the original or reload the page; the manifest of a run
              names it, links do not carry it.
            </span>
          </span>
          {!waiting && (
            <button className="btn" type="button" onClick={() => lab.restoreKernels(file)}>
              Restore the original
            </button>
          )}
        </p>
      )}
    </div>
  );
}

/** Puts a text that passed into the lab. */
export function UseInLab({ kernel }: { kernel: ChangedKernel }) {
  const { lab } = usePage();
  const here = useRunsHere(kernel.file);
  const there = useLab((data) =>
    data.kernels.asked.some(({ file, sha256 }) => file === kernel.file && sha256 === kernel.sha256),
  );
  if (there) return null;
  return (
    <button
      className="btn primary"
      type="button"
      disabled={!here}
      title={
        here
          ? 'A run under way computes with it from its next step on'
          : 'The lab runs another variant here, so this text would not be used'
      }
      onClick={() => lab.changeKernel(kernel)}
    >
      Use in the lab
    </button>
  );
}
