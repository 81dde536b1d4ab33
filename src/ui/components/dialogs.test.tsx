// @vitest-environment happy-dom
import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { actsOn } from '../actions.ts';
import { PAGES } from '../pages.ts';
import { showPage, showToast } from '../store/view.ts';
import { show } from '../testing/show.tsx';
import { Dialogs } from './dialogs.tsx';

describe('the question before a reset', () => {
  test('says what would be lost, and keeps the run where that is wanted', async () => {
    const { page, run, user, settle } = await show(<Dialogs />);
    await run(5);
    await settle(() => page.view.setState({ dialog: 'reset' }));
    const dialog = screen.getByRole('dialog', { name: 'Reset the run' });
    expect(dialog.textContent).toContain('Reset at step 5?');
    expect(dialog.textContent).toMatch(/\d:\d\d of training would be thrown away/);
    expect(document.activeElement?.textContent).toBe('Keep it');
    await user.click(screen.getByRole('button', { name: 'Keep it' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(page.lab.rows).toHaveLength(5);
  });

  test('throws the run away where that is wanted', async () => {
    const { page, run, user, settle } = await show(<Dialogs />);
    await run(5);
    await settle(() => page.view.setState({ dialog: 'reset' }));
    await user.click(screen.getByRole('button', { name: 'Reset' }));
    expect(screen.queryByRole('dialog')).toBeNull();
    expect(page.lab.data.state).toBe('idle');
    expect(page.lab.rows).toHaveLength(0);
  });
});

describe('the help', () => {
  test.each(PAGES.map(({ id }) => id))(
    'lists the keys that act on the page %s, and no others',
    async (id) => {
      const { page, settle } = await show(<Dialogs />);
      await settle(() => {
        showPage(page.view, id);
        page.view.setState({ dialog: 'help' });
      });
      const dialog = screen.getByRole('dialog', { name: 'Keyboard and help' });
      const listed = within(dialog)
        .getAllByRole('rowheader')
        .map(({ textContent }) => textContent);
      const acting = page.actions.filter((action) => actsOn(action, id)).map(({ label }) => label);
      expect(listed.toSorted()).toEqual(acting.toSorted());
    },
  );

  test('switches single keys off, for those who press them by accident', async () => {
    const { page, user, settle } = await show(<Dialogs />);
    await settle(() => page.view.setState({ dialog: 'help' }));
    const box = screen.getByRole<HTMLInputElement>('checkbox', { name: 'Single keys act' });
    expect(box.checked).toBe(true);
    await user.click(box);
    expect(page.preferences.getState().shortcuts).toBe(false);
  });
});

test('a toast is said to screen readers, the same text again too', async () => {
  const { page, settle } = await show(<Dialogs />);
  await settle(() => showToast(page.view, 'Link copied'));
  const first = screen.getByText('Link copied');
  expect(first.closest('[role="status"]')).toBeTruthy();
  await settle(() => showToast(page.view, 'Link copied'));
  expect(screen.getByText('Link copied')).not.toBe(first);
});
