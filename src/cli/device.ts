/** The GPU of a command: opened from its options, named in the log, always given back. */
import { Gpu } from '../gpu/gpu.ts';
import { nodeGpu } from '../gpu/node.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../kernels/tune.ts';
import type { LabIo } from './command.ts';
import { choice, type OptionValues } from './options.ts';

/** Options of every command that computes on the GPU. */
export const DEVICE_OPTIONS = {
  profile: choice('Kernel variants, instead of those that suit the adapter.', ['scalar', 'lanes']),
  limits: choice(
    'Limits asked of the device: all that the adapter has, or WebGPU’s guaranteed ones.',
    ['adapter', 'default'],
    'adapter',
  ),
};

/**
 * Opens the device, does the work, and gives everything back whatever happens.
 * @throws BatonError NoWebGpu, or what the work throws
 */
export async function withGpu<T>(
  { profile, limits }: OptionValues<typeof DEVICE_OPTIONS>,
  io: LabIo,
  work: (gpu: Gpu) => Promise<T>,
): Promise<T> {
  const gpu = await Gpu.open(nodeGpu(), { clock: io.clock, limits, ...(profile && { profile }) });
  // A profile that was asked for is left as it is.
  if (!profile) await tuneVariants(gpu, TYPICAL_SHAPES, io.clock);
  const features = gpu.info.features.length > 0 ? ` with ${gpu.info.features.join(', ')}` : '';
  io.log(`adapter: ${gpu.info.name}${features}, kernels for ${gpu.info.profile}`);
  try {
    return await work(gpu);
  } finally {
    gpu.destroy();
  }
}
