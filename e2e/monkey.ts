/** What a monkey does to the page: clicks, keys, edits, files and scripts, drawn by a seed. */
import type { Page } from '@playwright/test';

/** Numbers from 0 up to 1, by a seed (mulberry32). */
export function seededNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const KEYS = [
  ...[' ', '.', 'r', '?', 'Escape', 'Tab', 'Shift+Tab', 'Enter', 'Home', 'End', 'PageDown'],
  ...['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Delete', 'Control+z', '5', '-', 'e'],
];
const TEXTS = [
  ...['', '0', '1', '2', '-1', '7', '0.5', '1e309', '-0', 'NaN', 'null', '1,5', '0x10', ' 3 '],
  ...['\u202eabc', '\u0000', '\ud800', '３', '💥', '<img src=x onerror=alert(1)>', '9'.repeat(400)],
  ...['__proto__', 'own/none', 'policy*0', 'policies/nothing', '3+8+5:', '(((((', '//% for'],
];
const LINKS = [
  ...['', '#', '#v=1', '#v=1&preset=none', '#v=1&preset=countdown-grpo&steps=0', '#v=2&x=y'],
  ...['#v=1&preset=chain-minute&seed=2', '#%', '#v=1&preset=countdown-grpo&__proto__=1'],
  ...['#v=1&preset=chain-minute&method=dpo', `#${'a'.repeat(5000)}`],
];
const FILES = [
  ...['', '{', 'null', '[]', '{"seed":-1}', '{"task":{"id":"none"}}', '{"__proto__":{"seed":1}}'],
  ...['\u0000\u0001\u0002', `${'['.repeat(5000)}${']'.repeat(5000)}`, '{"seed":3,"steps":2}'],
];
const FILE_NAMES = [
  'a.json',
  'model.onnx',
  'model.safetensors',
  'tokenizer.json',
  'config.json',
  '',
];
/** As source, since that is what a console is given. */
const SCRIPTS = [
  ...['baton.run(null)', 'baton.run({ seed: -5 })', 'baton.run({ get seed() { throw 1 } })'],
  ...['baton.runGroup()', 'baton.runGroup([{}, 7])', 'baton.pause()', 'baton.runs()'],
  ...['baton.metrics().at(-1)', 'baton.against()', 'baton.manifest()', 'baton.hash()'],
];

/** What can be clicked and leads nowhere else. A check of the whole adapter takes minutes, and is no journey. */
const CLICKABLE =
  'button:not(:disabled), summary, [role="tab"], [role="checkbox"], input[type="checkbox"], input[type="radio"], a[href]:not([target]):not([download])';
const LEFT_ALONE = /check this adapter/i;

/** One thing that a monkey does. @returns what it did, in words */
export async function act(page: Page, random: () => number): Promise<string> {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)];
  const what = random();
  const chosen = random();
  const soon = { timeout: 2000 } as const;
  /** Marks one of the visible elements and gives its name. */
  const mark = (selector: string) =>
    page.evaluate(
      ([css, share, but]) => {
        for (const old of document.querySelectorAll('[data-monkey]'))
          old.removeAttribute('data-monkey');
        const shown = [...document.querySelectorAll<HTMLElement>(css)].filter((element) => {
          const name = element.textContent ?? '';
          const here = !(element instanceof HTMLAnchorElement) || element.host === location.host;
          return here && !new RegExp(but, 'i').test(name) && element.checkVisibility();
        });
        const element = shown[Math.floor(share * shown.length)];
        element?.setAttribute('data-monkey', '');
        const { textContent = '', id = '' } = element ?? {};
        const label = element?.getAttribute('aria-label') ?? (textContent || id);
        return element ? `${element.tagName.toLowerCase()} "${label?.trim().slice(0, 40)}"` : null;
      },
      [selector, chosen, LEFT_ALONE.source] as const,
    );
  const marked = page.locator('[data-monkey]');

  if (what < 0.4) {
    const name = await mark(CLICKABLE);
    if (name) await marked.click(soon);
    return `clicks ${name}`;
  }
  if (what < 0.58) {
    const key = pick(KEYS);
    await page.keyboard.press(key);
    return `presses ${JSON.stringify(key)}`;
  }
  if (what < 0.72) {
    const text = pick(TEXTS);
    const name = await mark(
      'input:not([type]), input[type="text"], input[type="number"], textarea',
    );
    if (name) await marked.fill(text, soon);
    if (name) await page.keyboard.press(pick(['Enter', 'Tab']));
    return `writes ${JSON.stringify(text.slice(0, 40))} into ${name}`;
  }
  if (what < 0.8) {
    const name = await mark('select:not(:disabled)');
    const share = random();
    const options = name ? await marked.locator('option:not(:disabled)').count() : 0;
    if (options > 0) await marked.selectOption({ index: Math.floor(share * options) }, soon);
    return `chooses in ${name}`;
  }
  if (what < 0.86) {
    const link = pick(LINKS);
    const way = pick(['hash', 'hash', 'back', 'forward', 'reload'] as const);
    if (way === 'hash') await page.evaluate((to) => void location.assign(to), link || '#');
    // Before the lab's first entry lies a blank page, from which nothing leads back.
    else if (way === 'back')
      await page.evaluate(() => void (window.navigation.canGoBack && history.back()));
    else if (way === 'forward') await page.evaluate(() => history.forward());
    else await page.reload();
    return `goes ${way} ${way === 'hash' ? link.slice(0, 60) : ''}`;
  }
  if (what < 0.93) {
    const [content, name] = [pick(FILES), pick(FILE_NAMES) || 'x'];
    const inputs = page.locator('input[type="file"]');
    const count = await inputs.count();
    const file = { name, mimeType: 'application/octet-stream', buffer: Buffer.from(content) };
    if (count > 0 && random() < 0.7) {
      await inputs.nth(Math.floor(chosen * count)).setInputFiles([file], soon);
      return `chooses the file ${name}: ${content.slice(0, 30)}`;
    }
    await page.evaluate(
      ([text, called]) => {
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([text], called));
        const init = { dataTransfer, bubbles: true, cancelable: true };
        document.body.dispatchEvent(new DragEvent('drop', init));
      },
      [content, name] as const,
    );
    return `drops the file ${name}: ${content.slice(0, 30)}`;
  }
  const script = pick(SCRIPTS);
  const thrown = await page.evaluate<string>(
    `(async () => {
      const { baton } = window;
      const soon = new Promise((done) => setTimeout(done, 100));
      try {
        if (baton) await Promise.race([${script}, soon]);
        return '';
      } catch (error) {
        return error?.name === 'BatonError' ? '' : 'untyped: ' + error;
      }
    })()`,
  );
  return `calls ${script} ${thrown}`.trim();
}
