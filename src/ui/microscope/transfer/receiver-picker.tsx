/** Which models finish: a popover with the bundled ones, and a person's own by choosing or dropping its files. */
import { useCallback, useId, useState } from 'react';
import { type ErrorReport, toReport } from '../../../errors.ts';
import { Icon } from '../../components/icon.tsx';
import { OWN_FILES, OwnFiles } from '../../components/own-files.tsx';
import { usePage } from '../../context.ts';
import { useDropOwn } from '../../drop-own.ts';
import { ownModel } from '../../own-model.ts';
import { showToast } from '../../store/view.ts';
import { MOST_RECEIVERS, type ModelChoice, receiversOf } from '../models.ts';
import type { TransferMicroscope } from './transfer.ts';
import { useScope, useTransfer } from './transfer-context.tsx';

/** Adds a person's model to the receivers; where they are as many as there may be, it takes the last one's place. */
function addOwn(scope: TransferMicroscope, files: readonly File[]): void {
  const own = ownModel(files);
  const others = scope.data.receivers
    .map(({ model }) => model)
    .filter(({ ref }) => ref.key !== own.ref.key);
  scope.chooseReceivers([...others.slice(0, MOST_RECEIVERS - 1), own]);
}

/** A model that is dropped anywhere on the page becomes a receiver. @returns true while files are held over it */
function useDroppedReceiver(): boolean {
  const scope = useScope();
  const { view } = usePage();
  const take = useCallback(
    (files: readonly File[]) => {
      try {
        addOwn(scope, files);
      } catch (error) {
        const { message, remedy } = toReport(error);
        showToast(view, `${message}. ${remedy}`);
      }
    },
    [scope, view],
  );
  return useDropOwn(take);
}

export function ReceiverPicker() {
  const scope = useScope();
  const id = useId();
  const task = useTransfer((data) => data.task);
  const receivers = useTransfer((data) => data.receivers);
  const [problem, setProblem] = useState<ErrorReport | null>(null);
  const chosen = receivers.map(({ model }) => model);
  const keys = new Set(chosen.map(({ ref }) => ref.key));
  const own = chosen.filter(({ ref }) => ref.kind === 'own');
  const toggle = (model: ModelChoice, on: boolean) =>
    scope.chooseReceivers(
      on ? [...chosen, model] : chosen.filter(({ ref }) => ref.key !== model.ref.key),
    );
  const over = useDroppedReceiver();
  return (
    <>
      <div className="droparea" hidden={!over} />
      <button className="btn" type="button" popoverTarget={id}>
        Receivers <span className="faint">{chosen.length}</span>
        <Icon name="down" small />
      </button>
      <div className="tip receiverpicker" id={id} popover="auto">
        <h2>Receivers</h2>
        <p>Each sees the question and what stands left of the cut, and finishes the answer.</p>
        <ul>
          {[...receiversOf(task), ...own].map((model) => {
            const on = keys.has(model.ref.key);
            return (
              <li key={model.ref.key}>
                <label className="check">
                  <input
                    type="checkbox"
                    checked={on}
                    disabled={!on && chosen.length >= MOST_RECEIVERS}
                    onChange={(event) => toggle(model, event.target.checked)}
                  />
                  {model.name} <span className="faint">{model.note}</span>
                </label>
              </li>
            );
          })}
        </ul>
        <p>Your own: {OWN_FILES}</p>
        <OwnFiles
          label="Choose files"
          onFiles={(files) => {
            try {
              addOwn(scope, files);
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
      </div>
    </>
  );
}
