/**
 * Finds a Vulkan driver for Dawn's Node bindings. On Linux the loader takes the drivers listed in
 * VK_ICD_FILENAMES, and reads it when the first device is asked for, so the variable has to be set
 * before that; other systems use Metal or Direct3D and need nothing.
 *
 * Node built-ins only: this runs before dependencies are installed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ICD_DIRS = ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d', '/usr/local/share/vulkan/icd.d'];
const LIBRARY_DIRS = [
  '/usr/lib/x86_64-linux-gnu',
  '/usr/lib/aarch64-linux-gnu',
  '/usr/lib64',
  '/usr/lib',
  '/lib/x86_64-linux-gnu',
  '/lib/aarch64-linux-gnu',
  '/lib64',
];
const CHROMIUM_DIRS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];

/** PCI vendor id of a render node to the file names of its drivers, the best first. */
const VENDOR_DRIVERS = {
  '0x10de': [/^nvidia_icd/, /^nouveau_icd/],
  '0x1002': [/^radeon_icd/, /^amd_icd/],
  '0x8086': [/^intel_icd/, /^intel_hasvk_icd/],
};

/** @returns {string[]} paths of every driver description installed for the Vulkan loader */
export function installedDrivers() {
  return ICD_DIRS.filter(existsSync).flatMap((dir) =>
    readdirSync(dir)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(dir, name)),
  );
}

/** @returns {string | undefined} Mesa's software driver; its description is lvp_icd.json or lvp_icd.ARCH.json */
export function findLavapipe() {
  return installedDrivers().find((path) => /\/lvp_icd\b[^/]*\.json$/.test(path));
}

/** @returns {string | undefined} the software driver that comes with Chromium (no f16) */
export function findSwiftShader() {
  return CHROMIUM_DIRS.map((dir) => join(dir, 'vk_swiftshader_icd.json')).find(existsSync);
}

/** @returns {boolean} whether the Vulkan loader itself (libvulkan.so.1) is installed */
export function hasVulkanLoader() {
  return LIBRARY_DIRS.some((dir) => existsSync(join(dir, 'libvulkan.so.1')));
}

/**
 * A driver is often installed where its hardware is not (Mesa ships them all together), so the
 * device files decide.
 *
 * @returns {string | undefined} the driver of a GPU that is really there
 */
export function findHardware() {
  const vendors = new Set();
  if (existsSync('/dev/nvidiactl')) vendors.add('0x10de');
  const drm = '/sys/class/drm';
  for (const node of existsSync(drm) ? readdirSync(drm) : []) {
    if (!node.startsWith('renderD') || !existsSync(join('/dev/dri', node))) continue;
    try {
      vendors.add(readFileSync(join(drm, node, 'device/vendor'), 'utf8').trim());
    } catch {
      // A virtual node without a PCI vendor is not a GPU that we know a driver of.
    }
  }
  const drivers = installedDrivers();
  for (const vendor of vendors) {
    for (const pattern of VENDOR_DRIVERS[vendor] ?? []) {
      const found = drivers.find((path) => pattern.test(path.slice(path.lastIndexOf('/') + 1)));
      if (found) return found;
    }
  }
  return undefined;
}

/**
 * @typedef {{ kind: 'user' | 'system' | 'hardware' | 'lavapipe' | 'swiftshader', icd?: string }} VulkanChoice
 */

/**
 * Which driver Dawn should use.
 *
 * @param {{ prefer?: 'hardware' | 'software', env?: Record<string, string | undefined> }} [options]
 *   `hardware` for work; `software` for tests, so that they see the same adapter everywhere. The
 *   user's own VK_ICD_FILENAMES or VK_DRIVER_FILES always wins.
 * @returns {VulkanChoice | undefined} undefined when nothing is installed
 */
export function chooseVulkan({ prefer = 'hardware', env = process.env } = {}) {
  if (process.platform !== 'linux') return { kind: 'system' };
  const own = env.VK_ICD_FILENAMES || env.VK_DRIVER_FILES;
  if (own) return { kind: 'user', icd: own };
  if (!hasVulkanLoader()) return undefined;
  const lavapipe = findLavapipe();
  const swiftShader = findSwiftShader();
  const hardware = findHardware();
  const choices = [
    // The software driver stays in the list for a GPU that is there and does not answer (a container
    // without graphics, for example); Dawn takes real hardware first.
    hardware && {
      kind: /** @type {const} */ ('hardware'),
      icd: [hardware, lavapipe].filter(Boolean).join(':'),
    },
    lavapipe && { kind: /** @type {const} */ ('lavapipe'), icd: lavapipe },
    swiftShader && { kind: /** @type {const} */ ('swiftshader'), icd: swiftShader },
  ];
  if (prefer === 'software') choices.push(...choices.splice(0, 1));
  return choices.find(Boolean) || undefined;
}

/**
 * The environment variables that make the Vulkan loader take the choice. Mesa also wants a private
 * XDG_RUNTIME_DIR and complains on every start without one.
 *
 * @param {VulkanChoice | undefined} choice
 * @returns {Record<string, string>} variables to add; empty where nothing is needed
 */
export function vulkanEnvironment(choice, env = process.env) {
  /** @type {Record<string, string>} */
  const extra = {};
  if (process.platform !== 'linux' || !choice) return extra;
  if (choice.kind !== 'user' && choice.icd) extra.VK_ICD_FILENAMES = choice.icd;
  if (!env.XDG_RUNTIME_DIR) {
    const dir = join(tmpdir(), `baton-runtime-${process.getuid?.() ?? 0}`);
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    extra.XDG_RUNTIME_DIR = dir;
  }
  return extra;
}

/** One line for a log: which driver, or what to install. */
export function describeVulkan(choice) {
  if (!choice) {
    return 'no Vulkan driver found: install mesa-vulkan-drivers (Debian 12: from bookworm-backports), or run `npm run setup` as root';
  }
  return choice.icd ? `${choice.kind} (${choice.icd})` : choice.kind;
}
