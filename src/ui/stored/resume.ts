/** Resuming a stored run: by the notice of the lab and by the Runs page. */
import { toReport } from '../../errors.ts';
import type { Page } from '../context.ts';
import type { Resumable } from '../keep.ts';
import { FIRST_PAGE, pageAddress } from '../pages.ts';
import { showPage } from '../store/view.ts';

/** Shows the lab and goes on with the run; what cannot be read is told there, and nothing is changed. */
export function resumeRun(page: Page, stored: Resumable): void {
  const { lab, view } = page;
  showLabPage(page);
  try {
    lab.resume(stored);
  } catch (error) {
    const { message, remedy } = toReport(error);
    const lines = [{ text: remedy }];
    view.setState({ message: { tone: 'error', title: message, lines } });
  }
}

/** Shows the lab, whatever page shows now. */
export function showLabPage({ view }: Page): void {
  if (view.getState().page === FIRST_PAGE) return;
  history.pushState(null, '', pageAddress(FIRST_PAGE, location.hash));
  showPage(view, FIRST_PAGE);
}
