/**
 * Two projects. `unit`: everything that needs no GPU, in parallel. `gpu`: files named `*.gpu.test.ts`, one after the
 * other, each in a fresh process, on Dawn with the software driver (set VK_ICD_FILENAMES for another one).
 *
 * BATON_LIMITS=default narrows `gpu` to the device and the kernels: that run asks for a device with WebGPU's guaranteed
 * limits only.
 */
import { defineConfig } from 'vitest/config';
import { chooseVulkan, vulkanEnvironment } from './scripts/vulkan.mjs';

// Here and not in a setup file, so that every worker process is born with it: Dawn reads it once.
Object.assign(process.env, vulkanEnvironment(chooseVulkan({ prefer: 'software' })));

const guaranteedLimits = process.env.BATON_LIMITS === 'default';

export default defineConfig({
  define: { __BATON_BUILD__: JSON.stringify('test'), __BATON_COMMIT__: JSON.stringify('test') },
  test: {
    // A device that was not destroyed keeps its process alive; it is ended after this time.
    teardownTimeout: 5_000,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          setupFiles: ['scripts/property-seed.ts'],
          environment: 'node',
          include: ['{src,bench,scripts,studies}/**/*.test.{ts,tsx}'],
          exclude: ['**/*.gpu.test.ts'],
          testTimeout: 30_000,
        },
      },
      {
        extends: true,
        test: {
          name: guaranteedLimits ? 'gpu, guaranteed limits' : 'gpu',
          environment: 'node',
          include: guaranteedLimits
            ? ['src/{gpu,kernels}/**/*.gpu.test.ts']
            : ['{src,bench}/**/*.gpu.test.ts'],
          pool: 'forks',
          maxWorkers: 1,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
