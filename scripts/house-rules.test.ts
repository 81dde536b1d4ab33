import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const src = fileURLToPath(new URL('../src/', import.meta.url));
const product = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !/\.test\.tsx?$|(^|\/)testing\//.test(path))
  .sort();

/** Code without its comments, so that a docstring may mention what is forbidden. */
function code(path: string): string {
  return readFileSync(src + path, 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, (comment) => comment.replace(/[^\n]/g, ' '))
    .replace(/(^|[^:'"`\\])\/\/.*$/gm, '$1');
}

/** Every match of a pattern in the given files, as `path:line text`. */
function findings(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    code(path)
      .split('\n')
      .flatMap((line, index) =>
        pattern.test(line) ? [`${path}:${index + 1} ${line.trim().slice(0, 80)}`] : [],
      ),
  );
}

describe('house rules', () => {
  test('nothing in the product draws unseeded randomness, evaluates text as code or inserts markup', () => {
    const forbidden =
      /\bMath\.random\b|\beval\(|\bnew Function\b|\binnerHTML\b|\bouterHTML\b|\binsertAdjacentHTML\b|\bdangerouslySetInnerHTML\b|\bdocument\.write\b/;
    expect(findings(product, forbidden)).toEqual([]);
  });

  test('what computes reads no clock, network, storage or console of its own', () => {
    const computing = product.filter((path) => /^(gpu|kernels|model|rl|receiver)\//.test(path));
    const forbidden =
      /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bfetch\(|\blocalStorage\b|\bsessionStorage\b|\bindexedDB\b|\bconsole\./;
    expect(findings(computing, forbidden)).toEqual([]);
  });

  test('no kernel adds floats atomically, because the order of a sum would be left to chance', () => {
    const shaders = readdirSync(src, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.wgsl'))
      .filter((path) =>
        /atomicCompareExchangeWeak|atomic<f32>/.test(readFileSync(src + path, 'utf8')),
      );
    expect(shaders).toEqual([]);
  });

  test('every shader is loaded by a kernel of its folder, or included by another shader', () => {
    const shaders = readdirSync(`${src}kernels`, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.wgsl'),
    );
    const loaded = product.flatMap((path) =>
      [...code(path).matchAll(/loadTemplate\('([^']+)'\)/g)].map((match) => match[1]),
    );
    const included = shaders.flatMap((path) =>
      [...readFileSync(`${src}kernels/${path}`, 'utf8').matchAll(/\/\/% include (\S+)/g)].map(
        (match) => path.slice(0, path.lastIndexOf('/') + 1) + match[1],
      ),
    );
    const used = [...loaded, ...included];
    expect(shaders.length).toBeGreaterThan(40);
    expect(shaders.filter((path) => !used.includes(path))).toEqual([]);
    expect(used.filter((path) => !shaders.includes(path))).toEqual([]);
  });
});
