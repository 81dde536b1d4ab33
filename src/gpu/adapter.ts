/** Opens a device with the adapter's real limits and says what it is. */
import { BatonError } from '../errors.ts';

/** `scalar` suits software adapters (no workgroup memory, wide register tiles), `lanes` suits GPUs. */
export type Profile = 'scalar' | 'lanes';

/** `adapter` asks for everything that the adapter offers, `default` for nothing beyond WebGPU's guaranteed limits. */
export type LimitsPolicy = 'adapter' | 'default';

/** What the device is, in words and numbers, as the page and the manifest name it. */
export interface DeviceInfo {
  readonly name: string;
  /** What WebGPU tells of the adapter, each empty where it keeps it to itself: so that two cards do not pass for one. */
  readonly adapter: AdapterWords;
  readonly software: boolean;
  readonly profile: Profile;
  /** Optional features in use. */
  readonly features: readonly string[];
  /** Lanes of the smallest subgroup; 0 where subgroups are not in use or the adapter does not tell their size. */
  readonly subgroup: number;
  readonly limits: Readonly<Record<LimitName, number>>;
}

export type AdapterWords = Readonly<
  Record<'vendor' | 'architecture' | 'device' | 'description', string>
>;

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
 * Requests an adapter and a device. Some drivers refuse a device with the very limits that they offer; so an adapter that refuses is
 * asked once more, for no more than WebGPU guarantees.
 * @throws NoWebGpu when there is no WebGPU, no adapter, or the adapter refuses a device both times.
 */
export async function openDevice(
  gpu: GPU | undefined,
  options: OpenOptions = {},
): Promise<{ device: GPUDevice; info: DeviceInfo }> {
  if (!gpu) throw noWebGpu('This browser cannot train: it has no WebGPU');
  const attempts: LimitsPolicy[] =
    options.limits === 'default' ? ['default'] : ['adapter', 'default'];
  let refusal = '';
  for (const limits of attempts) {
    // An adapter may give one device only, so each attempt has its own.
    const adapter = await gpu
      .requestAdapter({ powerPreference: 'high-performance' })
      .catch(() => null);
    if (!adapter) throw noWebGpu('WebGPU is there, but it found no adapter', refusal);
    const wishes = wishesOf(adapter, limits);
    try {
      const device = await adapter.requestDevice(wishes);
      return { device, info: infoOf(adapter, device, wishes.requiredFeatures, options.profile) };
    } catch (error) {
      refusal = String(error);
    }
  }
  throw noWebGpu('The adapter refused a device', refusal);
}

/** Features and limits to ask for. */
function wishesOf(adapter: GPUAdapter, limits: LimitsPolicy) {
  const all = limits === 'adapter';
  return {
    requiredFeatures: all
      ? WANTED_FEATURES.filter((feature) => adapter.features.has(feature))
      : ([] as GPUFeatureName[]),
    requiredLimits: Object.fromEntries(
      all ? LIMITS.map((name) => [name, adapter.limits[name]]) : [],
    ),
  };
}

function infoOf(
  { info }: GPUAdapter,
  device: GPUDevice,
  features: readonly GPUFeatureName[],
  profile: Profile | undefined,
): DeviceInfo {
  const described = nameAdapter(info);
  const { vendor, architecture, device: model, description } = info;
  return {
    ...described,
    adapter: { vendor, architecture, device: model, description },
    profile: profile ?? (described.software ? 'scalar' : 'lanes'),
    features,
    subgroup: features.includes('subgroups') ? (info.subgroupMinSize ?? 0) : 0,
    limits: Object.fromEntries(
      LIMITS.map((name) => [name, device.limits[name]]),
    ) as DeviceInfo['limits'],
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
