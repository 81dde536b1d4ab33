/** A run on a device of the command line: opened as its experiment says, prepared, and freed whatever happens. */
import { BatonError } from '../errors.ts';
import type { Gpu } from '../gpu/gpu.ts';
import type { LoadedModel } from '../model/load.ts';
import type { Experiment } from '../rl/experiment/schema.ts';
import type { Models } from '../rl/run/origin.ts';
import { Runner } from '../rl/run/runner.ts';
import type { LabIo } from './command.ts';
import { type DeviceValues, withGpu } from './device.ts';
import { loadModel } from './models.ts';
import { receiversFor } from './receivers.ts';

interface Asked {
  readonly experiment: Experiment;
  /** What the run begins with. */
  readonly model: LoadedModel;
  /** The option that is at fault where a model of the experiment cannot be had, without dashes. */
  readonly option: string;
  readonly device: DeviceValues;
  /** The file of a decoder of the user's own. */
  readonly ownFile: string | undefined;
  /** MiB that it may hold on the device. */
  readonly memory?: number | undefined;
  /** The most tokens of a micro-batch, where an earlier run decided it. */
  readonly microBatchTokens?: number | undefined;
}

/** Reads the further models that an experiment names. */
export function modelsOf(option: string, io: LabIo): Models {
  return (id) => loadModel(option, id, io, { scalar: true });
}

/** @throws BatonError as `withGpu` and `Runner.create`; what the work throws, or the device's own reason where it was lost */
export async function withRun<T>(
  { experiment, model, option, device, ownFile, memory, microBatchTokens }: Asked,
  io: LabIo,
  work: (runner: Runner, gpu: Gpu) => Promise<T>,
): Promise<T> {
  return await withGpu(device, io, async (gpu) => {
    const runner = await Runner.create(gpu, experiment, model, {
      ...{ clock: io.clock, models: modelsOf(option, io) },
      ...(memory !== undefined && { memory: memory * 2 ** 20 }),
      ...(microBatchTokens !== undefined && { microBatchTokens }),
      receivers: receiversFor(gpu, model, option, io, { ownFile, fp16: experiment.method.fp16 }),
    });
    try {
      await runner.prepare();
      return await work(runner, gpu);
    } catch (error) {
      // Whatever was waiting for a lost device has thrown; the device's own reason says more.
      if (error instanceof BatonError) throw error;
      gpu.assertAlive();
      throw error;
    } finally {
      runner.destroy();
    }
  });
}
