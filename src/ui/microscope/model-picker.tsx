/** A choice among models, of which each is loaded when it is chosen. */
import { type ReactNode, useId } from 'react';
import { Select } from '../components/select.tsx';
import type { ModelOptions } from './lab-models.ts';
import type { ModelChoice } from './models.ts';

interface ModelPickerProps {
  readonly label: string;
  /** The one that is chosen now; it need not be among the choices. */
  readonly model: ModelChoice;
  readonly offered: ModelOptions;
  readonly onChoose: (model: ModelChoice) => void;
  /** Stands before the label, such as the model’s line in a plot. */
  readonly mark?: ReactNode;
}

export function ModelPicker({ label, model, offered, onChoose, mark }: ModelPickerProps) {
  const { choices, problem } = offered;
  const known = choices.some(({ key }) => key === model.ref.key);
  const id = useId();
  return (
    <label className="inline" htmlFor={id} title={problem}>
      {mark}
      <span className="label">{label}</span>
      <Select
        id={id}
        value={model.ref.key}
        onChange={async (event) => {
          const choice = choices.find(({ key }) => key === event.target.value);
          if (choice) onChoose(await choice.load());
        }}
      >
        {!known && <option value={model.ref.key}>{model.name}</option>}
        {choices.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </Select>
    </label>
  );
}
