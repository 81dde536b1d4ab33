/** The GPU of a command: opened from its options, named in the log, always released. */
import { Gpu } from '../gpu/gpu.ts';
import { nodeGpu } from '../gpu/node.ts';
import { TYPICAL_SHAPES, tuneVariants } from '../kernels/tune.ts';
import { forceVariants } from '../kernels/variants.ts';
import type { LabIo } from './command.ts';
import { requireFileRoom } from './file-limit.ts';
import { choice, type OptionValues } from './options.ts';
import { variantFile } from './variant-file.ts';

/** The options of every command that computes on the GPU. */
export const DEVICE_OPTIONS = {
  profile: choice('Kernel variants to use instead of those that suit the adapter.', [
    'scalar',
    'lanes',
  ]),
  limits: choice(
    'Limits requested of the device: all that the adapter has, or only those that WebGPU guarantees.',
    ['adapter', 'default'],
    'adapter',
  ),
};

export interface DeviceValues extends OptionValues<typeof DEVICE_OPTIONS> {
  /** Variants from a manifest, to be used instead of this device's own choice. */
  readonly recorded?: Readonly<Record<string, string>> | undefined;
}

/**
 * Opens the device, does the work, and releases everything, whatever happens.
 * @throws BatonError NoWebGpu; OutOfMemory where files may not be large enough for the driver; what the work throws
 */
export async function withGpu<T>(
  { profile, limits, recorded }: DeviceValues,
  io: LabIo,
  work: (gpu: Gpu) => Promise<T>,
): Promise<T> {
  requireFileRoom();
  const asked = profile ?? profileOf(recorded);
  const gpu = await Gpu.open(nodeGpu(), {
    clock: io.clock,
    limits,
    ...(asked && { profile: asked }),
  });
  if (recorded) {
    const missing = forceVariants(gpu, recorded);
    if (missing.length > 0) {
      io.log(
        `warning: the run was begun with kernels that are not used here (${missing.join(', ')}): the numbers will differ from those of an uninterrupted run`,
      );
    }
  }
  // A requested profile is not tuned.
  else if (!profile) await tuneVariants(gpu, TYPICAL_SHAPES, io.clock, variantFile(io.root));
  const features = gpu.info.features.length > 0 ? ` with ${gpu.info.features.join(', ')}` : '';
  io.log(`adapter: ${gpu.info.name}${features}, kernels for ${gpu.info.profile}`);
  try {
    return await work(gpu);
  } finally {
    gpu.destroy();
  }
}

/** The profile that a manifest's variants belong to. */
function profileOf(recorded: DeviceValues['recorded']) {
  const name = recorded?.default;
  return name === 'scalar' || name === 'lanes' ? name : undefined;
}
