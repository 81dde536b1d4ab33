/** The bundled models that can finish answers, by their folder under the models' root. */
import type { Option } from './field.ts';

export const RECEIVERS: readonly Option[] = [
  { value: 'policy', label: 'The policy as it was before the run' },
];
