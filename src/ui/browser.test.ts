import { describe, expect, test } from 'vitest';
import { REMEDIES, readUserAgent, remediesFor } from './browser.ts';

const AGENTS = {
  chromeLinux:
    'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36',
  edgeWindows:
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36 Edg/147.0.0.0',
  firefoxLinux: 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0',
  firefoxMac:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:145.0) Gecko/20100101 Firefox/145.0',
  safariMac:
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Safari/605.1.15',
  chromeAndroid:
    'Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Mobile Safari/537.36',
} as const;

describe('the browser at hand', () => {
  test.each([
    ['chromeLinux', 'chrome', 'linux', 147],
    ['edgeWindows', 'edge', 'windows', 147],
    ['firefoxLinux', 'firefox', 'linux', 145],
    ['firefoxMac', 'firefox', 'macos', 145],
    ['safariMac', 'safari', 'macos', 18],
    ['chromeAndroid', 'chrome', 'android', 147],
  ] as const)('%s is read as it is', (agent, browser, system, major) => {
    expect(readUserAgent(AGENTS[agent])).toEqual({ browser, system, major });
  });

  test('each known browser finds exactly one remedy for itself, first in the list', () => {
    for (const agent of Object.values(AGENTS)) {
      const remedies = remediesFor(readUserAgent(agent));
      expect(remedies.filter(({ here }) => here)).toHaveLength(1);
      expect(remedies[0].here).toBe(true);
      expect(remedies).toHaveLength(REMEDIES.length);
    }
  });

  test('an unknown browser still sees every remedy', () => {
    expect(remediesFor(readUserAgent('something else'))).toHaveLength(REMEDIES.length);
  });

  test('code in a remedy is opened and closed', () => {
    for (const { steps } of REMEDIES) {
      for (const step of steps) expect(step.split('`').length % 2).toBe(1);
    }
  });
});
