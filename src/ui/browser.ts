/**
 * Which browser on which system this is, and how WebGPU is turned on there. Versions are those in which each browser first
 * shipped WebGPU by default: webkit.org, Mozilla's release notes and Chrome's platform status, as of November 2026.
 */

export type BrowserName = 'chrome' | 'edge' | 'firefox' | 'safari' | 'other';
export type SystemName = 'linux' | 'windows' | 'macos' | 'android' | 'ios' | 'chromeos' | 'other';

export interface BrowserInfo {
  readonly browser: BrowserName;
  readonly system: SystemName;
  /** Major version, where the user agent says it. */
  readonly major: number | null;
}

/** Reads a user agent. Order matters: Edge calls itself Chrome, Chrome calls itself Safari. */
export function readUserAgent(agent: string): BrowserInfo {
  const system = readSystem(agent);
  const candidates: readonly [BrowserName, RegExp][] = [
    ['edge', /Edg(?:A|iOS)?\/(\d+)/],
    ['firefox', /(?:Firefox|FxiOS)\/(\d+)/],
    ['chrome', /(?:Chrome|CriOS|Chromium)\/(\d+)/],
    ['safari', /Version\/(\d+).*Safari\//],
  ];
  for (const [browser, pattern] of candidates) {
    const match = pattern.exec(agent);
    if (match) return { browser, system, major: Number(match[1]) };
  }
  return { browser: 'other', system, major: null };
}

function readSystem(agent: string): SystemName {
  if (/Android/.test(agent)) return 'android';
  if (/iPhone|iPad|iPod/.test(agent)) return 'ios';
  if (/CrOS/.test(agent)) return 'chromeos';
  if (/Windows/.test(agent)) return 'windows';
  if (/Mac OS X|Macintosh/.test(agent)) return 'macos';
  if (/Linux|X11/.test(agent)) return 'linux';
  return 'other';
}

/** One way to WebGPU. Text between backquotes is to be typed as it stands. */
export interface Remedy {
  readonly title: string;
  /** From which version it works without doing anything. */
  readonly since: string;
  readonly steps: readonly string[];
  readonly fits: (info: BrowserInfo) => boolean;
}

const chromium = ({ browser }: BrowserInfo) => browser === 'chrome' || browser === 'edge';

export const REMEDIES: readonly Remedy[] = [
  {
    title: 'Chrome or Edge on Linux',
    since: '144 on newer Intel and NVIDIA',
    fits: (info) => chromium(info) && info.system === 'linux',
    steps: [
      'Update to the newest version. From 144 on, Intel from the 12th generation on and NVIDIA with a current driver need nothing else.',
      'On another graphics card: open `chrome://flags/#enable-unsafe-webgpu`, choose Enabled, then `chrome://flags/#enable-vulkan`, choose Enabled, and restart the browser.',
      'Or start it so: `google-chrome --enable-unsafe-webgpu --enable-features=Vulkan`.',
      'Without a graphics card: `google-chrome --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader`. It computes on the processor; the small presets still learn within minutes.',
      'Look at `chrome://gpu`: the line WebGPU should not say Disabled.',
    ],
  },
  {
    title: 'Chrome or Edge on Windows, macOS and ChromeOS',
    since: '113',
    fits: (info) => chromium(info) && ['windows', 'macos', 'chromeos'].includes(info.system),
    steps: [
      'Update to the newest version.',
      'Open `chrome://settings/system` and switch on graphics acceleration, then restart the browser.',
      'Look at `chrome://gpu`: WebGPU should say Hardware accelerated. If it does not, switch on `chrome://flags/#enable-unsafe-webgpu`.',
    ],
  },
  {
    title: 'Chrome on Android',
    since: '121 on Android 12',
    fits: (info) => chromium(info) && info.system === 'android',
    steps: [
      'Update Chrome and the system.',
      'A laptop is the better place: training takes memory and warms the phone.',
    ],
  },
  {
    title: 'Firefox on Linux',
    since: 'Nightly only',
    fits: (info) =>
      info.browser === 'firefox' && ['linux', 'android', 'other'].includes(info.system),
    steps: [
      'Quickest: open this page in Chrome or Edge.',
      'Or in Firefox Nightly, where WebGPU is on.',
      'Or here: open `about:config`, set `dom.webgpu.enabled` to true and restart. Not every driver works.',
    ],
  },
  {
    title: 'Firefox on Windows and macOS',
    since: '141 and 145',
    fits: (info) => info.browser === 'firefox' && ['windows', 'macos'].includes(info.system),
    steps: [
      'Update to the newest version.',
      'On macOS it needs Apple silicon; on an Intel Mac open this page in Chrome.',
    ],
  },
  {
    title: 'Safari',
    since: '26 on macOS, iPhone and iPad',
    fits: (info) => info.browser === 'safari' || info.system === 'ios',
    steps: [
      'Update the system to version 26: Safari comes with it.',
      'On an older Mac open this page in Chrome.',
    ],
  },
  {
    title: 'A school or lab computer',
    since: 'often switched off by policy',
    fits: () => false,
    steps: [
      'Ask for hardware acceleration to be allowed in the browser.',
      'Or clone the repository and run `npm start` on a machine of your own, then open it in Chrome.',
    ],
  },
];

/** The remedies with the one for this browser first. */
export function remediesFor(info: BrowserInfo): readonly { remedy: Remedy; here: boolean }[] {
  const marked = REMEDIES.map((remedy) => ({ remedy, here: remedy.fits(info) }));
  return [...marked.filter(({ here }) => here), ...marked.filter(({ here }) => !here)];
}
