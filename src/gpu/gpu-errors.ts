/** What a device's failures are to a user. */
import { BatonError } from '../errors.ts';
import type { Kernel } from './kernel.ts';

export function fromGpuError(error: GPUError): BatonError {
  if (error.constructor.name === 'GPUOutOfMemoryError') return outOfMemory(error.message, 0, 0);
  return new BatonError({
    kind: 'GpuError',
    message: 'The GPU refused a command',
    remedy: 'What was recorded is kept. Please report this.',
    detail: error.message,
  });
}

export function deviceLost(detail: string): BatonError {
  return new BatonError({
    kind: 'DeviceLost',
    message: 'The GPU was lost',
    remedy: 'What was recorded is kept. Close other heavy tabs and programs, then try again.',
    detail,
  });
}

/** @param limit bytes that the adapter gives at most; 0 where it did not say */
export function outOfMemory(label: string, wanted: number, limit: number): BatonError {
  const mib = (bytes: number) => `${Math.ceil(bytes / 2 ** 20)} MiB`;
  return new BatonError({
    kind: 'OutOfMemory',
    message: limit
      ? `"${label}" needs ${mib(wanted)}, this adapter gives ${mib(limit)}`
      : 'The GPU is out of memory',
    remedy:
      'Nothing was started. Fewer completions, a shorter length or a smaller model would fit.',
    detail: label,
  });
}

export async function shaderError(
  kernel: Kernel,
  module: GPUShaderModule,
  error: unknown,
): Promise<BatonError> {
  const info = await module.getCompilationInfo().catch(() => null);
  const messages =
    info?.messages.map((m) => `${m.lineNum}:${m.linePos} ${m.type}: ${m.message}`) ?? [];
  return new BatonError({
    kind: 'ShaderError',
    message: `The kernel ${kernel.name} (${kernel.variant}) does not compile here`,
    remedy: 'Nothing was started. Please report this with the adapter’s name.',
    detail: [...messages, String(error)].join('\n'),
  });
}
