import { expect, it } from 'vitest';
import { ownScript } from './trusted-types.ts';

const PAGE = 'https://lab.example/baton/';

it.each(['assets/worker.js', '/baton/assets/worker.js', `${PAGE}assets/worker.js`])(
  '%s is a script of the page',
  (url) => {
    expect(ownScript(url, PAGE)).toBe(`${PAGE}assets/worker.js`);
  },
);

it.each([
  'https://elsewhere.example/worker.js',
  '//elsewhere.example/worker.js',
  'http://lab.example/baton/worker.js',
  'data:text/javascript,1',
  'blob:null/5f0c',
  'javascript:alert(1)',
])('%s is none', (url) => {
  expect(() => ownScript(url, PAGE)).toThrow(TypeError);
});
