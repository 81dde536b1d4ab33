import { describe, expect, test } from 'vitest';
import { FIRST_PAGE, PAGES, pageAddress, pageOf } from '../pages.ts';
import { createView, showPage } from './view.ts';

describe('the page in the address', () => {
  test('is read back from what was written, for every page', () => {
    for (const { id } of PAGES) {
      const { search, hash } = new URL(pageAddress(id, '#v=1'), 'https://baton.test/a/?page=lab');
      expect(pageOf(search)).toBe(id);
      expect(hash).toBe('#v=1');
    }
  });

  test('is the first where the address names none, or one that does not exist', () => {
    for (const search of ['', '?page=', '?page=nothing', '?page=__proto__', '?other=microscope']) {
      expect(pageOf(search)).toBe(FIRST_PAGE);
    }
  });

  test('stays in the folder that the app lies in', () => {
    for (const { id } of PAGES) {
      expect(new URL(pageAddress(id, ''), 'https://baton.test/a/').pathname).toBe('/a/');
    }
  });
});

describe('showing a page', () => {
  test('closes what floated over the page before, and keeps the pages seen', () => {
    const view = createView('lab');
    view.setState({ dialog: 'help', toast: { text: 'Copied', count: 1 } });
    showPage(view, 'microscope');
    expect(view.getState()).toMatchObject({
      page: 'microscope',
      visited: ['lab', 'microscope'],
      dialog: null,
      toast: null,
    });
    showPage(view, 'lab');
    expect(view.getState().visited).toEqual(['lab', 'microscope']);
  });

  test('again changes nothing', () => {
    const view = createView('lab');
    view.setState({ dialog: 'help' });
    const before = view.getState();
    showPage(view, 'lab');
    expect(view.getState()).toBe(before);
  });
});
