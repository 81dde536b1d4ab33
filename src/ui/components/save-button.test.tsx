// @vitest-environment happy-dom
import { act, cleanup, render, screen } from '@testing-library/react';
import { userEvent } from '@testing-library/user-event';
import { afterEach, expect, test } from 'vitest';
import { SaveButton } from './save-button.tsx';

afterEach(cleanup);

test('says that it saves as long as it does, and starts no second time meanwhile', async () => {
  let finish = () => {};
  const promise = new Promise<void>((resolve) => {
    finish = resolve;
  });
  let calls = 0;
  const save = () => {
    calls += 1;
    return promise;
  };
  render(<SaveButton save={save}>Model</SaveButton>);
  const button = screen.getByRole('button');
  const user = userEvent.setup();
  await user.click(button);
  await user.click(button);
  expect(calls).toBe(1);
  expect(screen.getByRole('status').textContent).toBe('Saving');
  expect(button.textContent).toContain('saving');
  expect(button.getAttribute('aria-busy')).toBe('true');
  await act(async () => finish());
  expect(screen.getByRole('status').textContent).toBe('');
  await user.click(button);
  expect(calls).toBe(2);
});
