/** The bundled models that can finish answers, by their folder under the models' root. */
import type { ReceiverBackend } from '../../model/receiver.ts';
import type { Option } from './field.ts';

export const RECEIVERS: readonly Option[] = [
  { value: 'policy', label: 'The policy as it was before the run' },
  { value: 'receivers/chain-nano-b', label: 'Chain: same size, other seed' },
  { value: 'receivers/chain-pico', label: 'Chain: smaller' },
  { value: 'receivers/chain-exact', label: 'Chain: stronger, learnt without slips' },
  { value: 'receivers/chain-larger-first', label: 'Chain: writes the larger number first' },
  { value: 'receivers/chain-public', label: 'Chain, answer apart: reads digits' },
  { value: 'receivers/chain-public-deep', label: 'Chain, answer apart: reads digits, other size' },
  { value: 'receivers/chain-public-weak', label: 'Chain, answer apart: reads digits, weaker' },
  { value: 'receivers/chain-bilingual', label: 'Chain, answer apart: reads digits and letters' },
  { value: 'policies/countdown-micro', label: 'Countdown: stronger' },
  { value: 'receivers/countdown-nano-b', label: 'Countdown: same size, other seed' },
  { value: 'receivers/countdown-pico', label: 'Countdown: smaller' },
];

/** What receivers can run on. */
export const RECEIVER_BACKENDS = [
  { value: 'kernels', label: 'The GPU (own kernels)' },
  { value: 'onnx', label: 'The CPU (ONNX runtime)' },
  { value: 'onnx-webgpu', label: 'The GPU (ONNX runtime)' },
] as const satisfies readonly Option<ReceiverBackend>[];
