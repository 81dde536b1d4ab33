/**
 * Installs what the tests and the headless lab need from the system: Chromium, and a Vulkan driver for
 * Dawn in Node. As root on Debian and its relatives it installs; elsewhere it says what is missing.
 *
 * Mesa in Debian 12 is too old for Dawn, so the driver comes from bookworm-backports. The archive's address
 * is taken from the machine's own apt sources, and the extra suite is passed to apt for these calls only:
 * the machine's source list does not change.
 *
 * Node built-ins only: this runs before dependencies are installed.
 */
import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chooseVulkan, describeVulkan, findLavapipe, hasVulkanLoader } from './vulkan.mjs';

const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];
const SOURCE_PARTS = '/etc/apt/sources.list.d';
const SOURCE_LIST = '/etc/apt/sources.list';

/** Logs to standard error, because standard output belongs to the calling command. */
const say = (text) => process.stderr.write(`setup: ${text}\n`);

/** @returns {string | undefined} a Chromium or Chrome: CHROMIUM_PATH, or one of the usual places */
export function findChromium(env = process.env) {
  if (env.CHROMIUM_PATH) return existsSync(env.CHROMIUM_PATH) ? env.CHROMIUM_PATH : undefined;
  return CHROMIUM_PATHS.find(existsSync);
}

/** @returns {{ id: string, codename: string }} from /etc/os-release; empty strings if there is none */
function distribution() {
  if (!existsSync('/etc/os-release')) return { id: '', codename: '' };
  const text = readFileSync('/etc/os-release', 'utf8');
  const field = (name) => new RegExp(`^${name}="?([^"\\n]*)`, 'm').exec(text)?.[1] ?? '';
  return { id: field('ID'), codename: field('VERSION_CODENAME') };
}

/** Whether the machine may be changed; BATON_NO_INSTALL=1 forbids it. */
function canUseApt() {
  if (process.env.BATON_NO_INSTALL || process.platform !== 'linux') return false;
  return existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
}

function apt(args) {
  const result = spawnSync(
    'apt-get',
    ['-o', 'DPkg::Lock::Timeout=600', '-o', 'Acquire::Retries=3', ...args],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 64 << 20,
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' },
    },
  );
  if (result.status === 0) return true;
  const tail = `${result.stdout ?? ''}${result.stderr ?? ''}`
    .trim()
    .split('\n')
    .slice(-6)
    .join('\n  ');
  say(
    `apt-get ${args.filter((a) => !a.includes('::') && a !== '-o').join(' ')} failed:\n  ${tail}`,
  );
  return false;
}

let updated = false;
function aptInstall(packages, options = []) {
  if (!updated) {
    // A partly failed update (one dead third-party source) must not stop an install that may still work.
    apt(['update', '-qq']);
    updated = true;
  }
  return apt(['install', '-y', '-qq', '--no-install-recommends', ...options, ...packages]);
}

/**
 * The first Debian archive in the machine's own sources.
 *
 * @returns {{ uri: string, signedBy?: string } | undefined} for the suite `codename`
 */
function debianArchive(codename) {
  const parts = existsSync(SOURCE_PARTS)
    ? readdirSync(SOURCE_PARTS).map((f) => join(SOURCE_PARTS, f))
    : [];
  for (const path of parts.filter((p) => p.endsWith('.sources'))) {
    for (const stanza of readFileSync(path, 'utf8').split(/\n\s*\n/)) {
      const field = (name) => new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(stanza)?.[1]?.trim();
      if (!field('Suites')?.split(/\s+/).includes(codename)) continue;
      const uri = field('URIs')?.split(/\s+/)[0];
      if (uri) return { uri, signedBy: field('Signed-By') };
    }
  }
  for (const path of [SOURCE_LIST, ...parts.filter((p) => p.endsWith('.list'))].filter(
    existsSync,
  )) {
    const line = new RegExp(`^deb\\s+(?:\\[([^\\]]*)\\]\\s+)?(\\S+)\\s+${codename}\\s`, 'm');
    const match = line.exec(readFileSync(path, 'utf8'));
    if (match) return { uri: match[2], signedBy: /signed-by=(\S+)/.exec(match[1] ?? '')?.[1] };
  }
  return undefined;
}

/** Installs packages from CODENAME-backports, without adding that suite to the machine's sources. */
function installFromBackports(codename, packages) {
  const archive = debianArchive(codename);
  if (!archive) {
    say(`no Debian archive for ${codename} found under ${SOURCE_PARTS}`);
    return false;
  }
  const dir = mkdtempSync(join(tmpdir(), 'baton-apt-'));
  try {
    for (const name of existsSync(SOURCE_PARTS) ? readdirSync(SOURCE_PARTS) : []) {
      copyFileSync(join(SOURCE_PARTS, name), join(dir, name));
    }
    const suite = `${codename}-backports`;
    const signed = archive.signedBy ? `Signed-By: ${archive.signedBy}\n` : '';
    const stanza = `Types: deb\nURIs: ${archive.uri}\nSuites: ${suite}\nComponents: main\n${signed}`;
    writeFileSync(join(dir, 'baton-backports.sources'), stanza);
    const options = ['-o', `Dir::Etc::SourceParts=${dir}`, '-o', 'APT::Get::List-Cleanup=0'];
    apt([...options, 'update', '-qq']);
    return apt([
      ...options,
      'install',
      '-y',
      '-qq',
      '--no-install-recommends',
      '-t',
      suite,
      ...packages,
    ]);
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

/**
 * Makes sure that Dawn finds a Vulkan driver.
 *
 * @param {{ prefer?: 'hardware' | 'software' }} [options] as in `chooseVulkan`
 * @returns {import('./vulkan.mjs').VulkanChoice | undefined} undefined when none could be had; said on stderr
 */
export function ensureVulkan({ prefer = 'hardware' } = {}) {
  const present = chooseVulkan({ prefer });
  // Tests try for the better driver again; work goes on with what there is and does not wait for apt each time.
  if (present && (present.kind !== 'swiftshader' || prefer === 'hardware')) return present;
  if (!canUseApt()) {
    if (!present) say(describeVulkan(undefined));
    return present;
  }
  const { codename } = distribution();
  say('installing a Vulkan driver for Node (Mesa lavapipe)');
  const packages = ['mesa-vulkan-drivers', 'libvulkan1'];
  const done =
    codename === 'bookworm' ? installFromBackports(codename, packages) : aptInstall(packages);
  if (!done || !findLavapipe()) {
    say("Mesa's driver could not be installed; falling back to Chromium's SwiftShader");
    if (!hasVulkanLoader()) aptInstall(['libvulkan1']);
    ensureChromium();
  }
  const choice = chooseVulkan({ prefer });
  say(describeVulkan(choice));
  return choice;
}

/**
 * Makes sure that there is a Chromium for the browser tests.
 *
 * @returns {string | undefined} its path; undefined when none could be had; said on stderr
 */
export function ensureChromium() {
  const present = findChromium();
  if (present) return present;
  if (process.env.CHROMIUM_PATH) {
    say(`CHROMIUM_PATH is ${process.env.CHROMIUM_PATH}, and there is no such file`);
    return undefined;
  }
  if (canUseApt()) {
    say('installing Chromium');
    aptInstall(['chromium']);
  }
  const found = findChromium();
  if (!found) {
    say(
      'no Chromium found: install Chromium or Chrome 125 or newer, or set CHROMIUM_PATH to its program',
    );
  }
  return found;
}

if (process.argv[1] && import.meta.url === new URL(`file://${process.argv[1]}`).href) {
  const vulkan = ensureVulkan({ prefer: 'software' });
  const chromium = ensureChromium();
  say(`Vulkan for Node: ${describeVulkan(vulkan)}`);
  say(`Chromium: ${chromium ?? 'missing'}`);
  process.exitCode = vulkan && chromium ? 0 : 1;
}
