/** A copy of the policy that a method renews now and then, as a part of the state: such as the policy at the start of a round. */
import type { Learner } from '../../model/learner.ts';
import { fileName, type StateFiles, type StatePart } from './state.ts';

/** Parameters, or `live` while the copy itself still has them. */
type Kept = Float32Array<ArrayBuffer> | 'live';

/** Copies of what it was are kept on the host: it changes rarely. */
export class CopyPart implements StatePart {
  readonly learner: Learner;
  readonly #file: string;
  #start: Kept = 'live';
  #good: Kept = 'live';

  /** @param learner one that is not opened for training */
  constructor(name: string, learner: Learner) {
    this.learner = learner;
    this.#file = fileName(name, 'parameters');
  }

  /** Makes it what the policy is now. */
  async renew(policy: Learner): Promise<void> {
    if (this.#start === 'live') this.#start = await this.learner.readParameters();
    if (this.#good === 'live') this.#good = this.#start;
    this.learner.setParameters(await policy.readParameters());
  }

  begin(): void {
    this.#start = 'live';
  }

  good(): void {
    this.#good = this.#start;
  }

  again(): void {
    if (this.#start !== 'live') this.learner.setParameters(this.#start);
    this.#start = 'live';
  }

  back(): void {
    if (this.#good !== 'live') this.learner.setParameters(this.#good);
    this.#start = 'live';
    this.#good = 'live';
  }

  async read(): Promise<StateFiles> {
    return new Map([[this.#file, await this.learner.readParameters()]]);
  }

  write(files: StateFiles): void {
    const data = files.get(this.#file);
    if (!(data instanceof Float32Array)) throw new RangeError(`${this.#file} is not in the state`);
    this.learner.setParameters(data);
    this.#start = 'live';
    this.#good = 'live';
  }
}
