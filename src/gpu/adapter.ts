/** Opens a device with the adapter's real limits and says what it is. */
import { BatonError } from '../errors.ts';

/** `scalar` suits software adapters (no workgroup memory, wide register tiles), `lanes` suits GPUs. */
export type Profile = 'scalar' | 'lanes';

/** `adapter` asks for everything that the adapter offers, `default` for nothing beyond WebGPU's guaranteed limits. */
export type LimitsPolicy = 'adapter' | 'default';

/** What the device is, in words and numbers, as the page and the manifest name it. */
export interface DeviceInfo {
  readonly name: string;
  readonly software: boolean;
  readonly profile: Profile;
  /** Optional features in use. */
  readonly features: readonly string[];
  /** Lanes of the smallest subgroup; 0 where subgroups are not in use or the adapter does not tell their size. */
  readonly subgroup: number;
  readonly limits: Readonly<Record<LimitName, number>>;
}

const LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeWorkgroupStorageSize',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupSizeX',
  'maxComputeWorkgroupsPerDimension',
] as const;
type LimitName = (typeof LIMITS)[number];

const WANTED_FEATURES: readonly GPUFeatureName[] = ['timestamp-query', 'subgroups', 'shader-f16'];

export interface OpenOptions {
  readonly limits?: LimitsPolicy;
  /** Forces a profile instead of the one that the adapter suggests. */
  readonly profile?: Profile;
}

/**
 * Requests an adapter and a device.
 * @throws NoWebGpu when there is no WebGPU, no adapter, or the adapter refuses a device.
 */
export async function openDevice(
  gpu: GPU | undefined,
  options: OpenOptions = {},
): Promise<{ device: GPUDevice; info: DeviceInfo }> {
  if (!gpu) throw noWebGpu('This browser cannot train: it has no WebGPU');
  const adapter = await gpu
    .requestAdapter({ powerPreference: 'high-performance' })
    .catch(() => null);
  if (!adapter) throw noWebGpu('WebGPU is there, but it found no adapter');
  const features = WANTED_FEATURES.filter((feature) => adapter.features.has(feature));
  const requiredLimits: Record<string, number> = {};
  if (options.limits !== 'default') {
    for (const name of LIMITS) requiredLimits[name] = adapter.limits[name];
  }
  const device = await adapter
    .requestDevice({
      requiredFeatures: options.limits === 'default' ? [] : features,
      requiredLimits,
    })
    .catch((error: unknown) => {
      throw noWebGpu('The adapter refused a device', String(error));
    });
  const limits = Object.fromEntries(
    LIMITS.map((name) => [name, device.limits[name]]),
  ) as DeviceInfo['limits'];
  const described = nameAdapter(adapter.info);
  return {
    device,
    info: {
      ...described,
      profile: options.profile ?? (described.software ? 'scalar' : 'lanes'),
      features: options.limits === 'default' ? [] : features,
      subgroup:
        options.limits !== 'default' && features.includes('subgroups')
          ? (adapter.info.subgroupMinSize ?? 0)
          : 0,
      limits,
    },
  };
}

/** A short name, and whether the adapter computes on the CPU: its fallback flag, its name or very narrow subgroups tell. */
function nameAdapter(info: GPUAdapterInfo): { name: string; software: boolean } {
  const words = [info.vendor, info.architecture, info.device, info.description]
    .join(' ')
    .toLowerCase();
  const fallback = info.isFallbackAdapter === true;
  const known = /swiftshader|llvmpipe|lavapipe|software|basic render/.test(words);
  const name =
    [info.vendor, info.architecture].filter(Boolean).join(' ') ||
    info.description ||
    'unnamed adapter';
  const llvmpipe =
    /llvmpipe/.test(words) && !/llvmpipe/.test(name.toLowerCase()) ? ' llvmpipe' : '';
  return { name: `${name}${llvmpipe}`, software: fallback || known };
}

function noWebGpu(message: string, detail?: string): BatonError {
  return new BatonError({
    kind: 'NoWebGpu',
    message,
    remedy:
      'Samples and recorded runs can still be read. Turn WebGPU on, or open the page in a current Chrome or Edge.',
    ...(detail && { detail }),
  });
}
