/** What the page does with a model that a person chooses or drops. */
import { toReport } from '../../errors.ts';
import type { Page } from '../context.ts';
import { FIRST_PAGE } from '../pages.ts';
import { showToast } from '../store/view.ts';

/** Opens a person's model and lets the draft begin from it; what is wrong with it is told, and nothing is changed. */
export async function openOwnPolicy(page: Page, files: readonly File[]): Promise<string | null> {
  const { lab, view, ownPolicies } = page;
  try {
    const id = await ownPolicies.add(files);
    view.setState({ message: null });
    lab.setSetting('policy', id);
    showToast(view, 'Your policy is opened, and the draft begins from it.');
    return id;
  } catch (error) {
    const { message, remedy } = toReport(error);
    view.setState({ message: { tone: 'error', title: message, lines: [{ text: remedy }] } });
    // The notice stands in the lab and on the Runs page.
    if (view.getState().page !== FIRST_PAGE) showToast(view, `${message}. ${remedy}`);
    return null;
  }
}
