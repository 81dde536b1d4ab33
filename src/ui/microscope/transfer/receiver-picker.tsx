/** Which models finish: a popover with the bundled ones and a person's own. */
import { useId } from 'react';
import { Icon } from '../../components/icon.tsx';
import { MOST_RECEIVERS, type ModelChoice, receiversOf } from './models.ts';
import { useScope, useTransfer } from './transfer-context.tsx';

export function ReceiverPicker() {
  const scope = useScope();
  const id = useId();
  const task = useTransfer((data) => data.task);
  const receivers = useTransfer((data) => data.receivers);
  const chosen = receivers.map(({ model }) => model);
  const keys = new Set(chosen.map(({ ref }) => ref.key));
  const bundled = receiversOf(task);
  const own = chosen.filter(({ ref }) => ref.kind === 'own');
  const toggle = (model: ModelChoice, on: boolean) =>
    scope.chooseReceivers(
      on ? [...chosen, model] : chosen.filter(({ ref }) => ref.key !== model.ref.key),
    );
  return (
    <>
      <button className="btn" type="button" popoverTarget={id}>
        Receivers <span className="faint">{chosen.length}</span>
        <Icon name="down" small />
      </button>
      <div className="tip receiverpicker" id={id} popover="auto">
        <h2>Receivers</h2>
        <p>Each sees the question and what stands left of the cut, and finishes the answer.</p>
        <ul>
          {[...bundled, ...own].map((model) => {
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
      </div>
    </>
  );
}
