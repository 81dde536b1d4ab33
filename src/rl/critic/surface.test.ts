import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { surfaceForm } from './surface.ts';

describe('the surface form', () => {
  it.each([
    [' 16 ', '16'],
    ['(3 * 7) + 5', '(3*7)+5'],
    ['((3*7)+5)', '(3*7)+5'],
    ['[ {16} ]', '16'],
    ['(3+5)*(2+1)', '(3+5)*(2+1)'],
    ['3 5', '3 5'],
    ['a cat , \n\n a  hat', 'a cat,\na hat'],
    ['()', ''],
    ['(3', '(3'],
  ])('of %j is %j', (text, form) => expect(surfaceForm(text)).toBe(form));

  it('has one form only', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'12a+*()[]{}, \n\t') }), (text) => {
        const form = surfaceForm(text);
        expect(surfaceForm(form)).toBe(form);
      }),
    );
  });

  it('keeps every sign and word in its order', () => {
    const content = (text: string) => text.replace(/[\s()[\]{}]/g, '');
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'12ab+*/=()[] \n') }), (text) => {
        expect(content(surfaceForm(text))).toBe(content(text));
      }),
    );
  });
});
