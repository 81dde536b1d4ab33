/** The settings of the transfer reward. What the paper leaves open is a setting here, and marked as ours. */

import { choice, flag, nullable, number, text, type Values } from '../../experiment/field.ts';
import { RECEIVER_BACKENDS, RECEIVERS } from '../../experiment/receivers.ts';
import { weight } from '../reward.ts';
import { RECEIVER_FORM, RECEIVER_LIST } from './receiver-list.ts';

const share = { min: 0, max: 1, step: 0.05 } as const;

export const transferOptions = {
  weight: weight(0.5, {
    label: 'Weight (b)',
    help: 'What the share of right finishes is multiplied with before all terms are added. 0 only watches it.',
    source: 'ours',
  }),
  receivers: text({
    label: 'Receivers',
    help: 'Frozen models that finish the answers: ids with spaces between, *2 after one weighs it double. policy is the policy as it was before the run.',
    pattern: RECEIVER_LIST,
    form: RECEIVER_FORM,
    maxLength: 200,
    options: RECEIVERS,
    free: true,
    default: 'policy',
  }),
  backend: choice({
    label: 'Receivers run on',
    help: 'Baton’s own kernels on the GPU, or an ONNX runtime on the CPU beside it or, in a browser, on a GPU device of its own. All give the same most likely tokens. A decoder of your own (own/NAME) always runs on an ONNX runtime.',
    options: RECEIVER_BACKENDS,
    default: 'kernels',
  }),
  tau: choice({
    label: 'Cut',
    help: 'Where an answer is cut: tau is the share of it that the receiver sees.',
    options: [
      { value: 'uniform', label: 'Anywhere' },
      { value: 'fixed', label: 'At a fixed share' },
      { value: 'interval', label: 'Within an interval' },
      { value: 'step', label: 'Between steps of reasoning' },
    ],
    default: 'uniform',
    source: 'paper',
  }),
  tau_fixed: number({
    label: 'Fixed share',
    help: 'tau where the cut is at a fixed share.',
    ...share,
    default: 0.5,
  }),
  tau_low: number({
    label: 'Interval from',
    help: 'The smallest tau where the cut is within an interval.',
    ...share,
    default: 0.2,
  }),
  tau_high: number({
    label: 'Interval to',
    help: 'The largest tau where the cut is within an interval.',
    ...share,
    default: 0.8,
  }),
  shared_tau: flag({
    label: 'One cut for a group',
    help: 'All answers to a question are cut at the same share, so that where the cut fell does not tell them apart.',
    default: false,
  }),
  cuts: number({
    label: 'Cuts per answer',
    help: 'Places at which each answer is cut, each with a tau of its own; the value is the mean over them. More cost more and say more of where an answer goes wrong.',
    min: 1,
    max: 8,
    integer: true,
    default: 1,
  }),
  continuations: number({
    label: 'Continuations per cut',
    help: 'Tries of each receiver on each answer; their mean is the value. More cost more and leave less to luck.',
    min: 1,
    max: 16,
    integer: true,
    default: 1,
    source: 'paper',
  }),
  receiver_temperature: nullable({
    label: 'Receiver temperature',
    help: 'Divides the receiver’s logits; 0 takes its most likely tokens.',
    min: 0,
    max: 10,
    default: null,
    nullMeans: 'that of the rollout',
  }),
  receiver_max_length: nullable({
    label: 'Receiver’s longest continuation',
    help: 'Most tokens that a receiver may add.',
    unit: 'tokens',
    min: 1,
    max: 1024,
    integer: true,
    default: null,
    nullMeans: 'what the policy’s own limit leaves after the cut',
  }),
  grading: choice({
    label: 'Graded',
    help: 'What the verifier reads.',
    options: [
      { value: 'joined', label: 'Prefix and continuation' },
      { value: 'continuation', label: 'The continuation alone' },
    ],
    default: 'joined',
  }),
  leakage_guard: flag({
    label: 'Leakage guard',
    help: 'Leaves the term out where the prefix holds the right answer already, since there is nothing left to hand over.',
    default: false,
  }),
  right_only: flag({
    label: 'Right answers only',
    help: 'Gives wrong answers 0 instead of their share of right finishes, so that an answer cannot earn by leaving the work to the receiver.',
    default: false,
  }),
  blank_prefix: flag({
    label: 'Blank prefix',
    help: 'Control: the receiver sees the question alone. Cuts and budgets stay those of the answer, so what is left of the term is what the receiver can do by itself.',
    default: false,
  }),
  reliability_questions: number({
    label: 'Questions tried twice',
    help: 'Questions of each step whose answers are finished once more, to measure how much of the value is luck. Not part of the reward. Not needed with two or more continuations or cuts.',
    unit: 'questions',
    min: 0,
    max: 64,
    integer: true,
    default: 1,
  }),
  scratch_samples: number({
    label: 'Tries from scratch',
    help: 'Tries of each receiver on each question without any prefix: the line that a prefix has to beat. Not part of the reward. 0 is off.',
    min: 0,
    max: 16,
    integer: true,
    default: 1,
  }),
};

export type TransferSettings = Values<typeof transferOptions>;
