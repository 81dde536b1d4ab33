/** Puts a script before that of the page's workers, which is how a journey injects a fault of the GPU. */
import type { Page } from '@playwright/test';

/** @param fault runs in every worker before anything of Baton; it stands alone, since its text is what is sent */
export async function beforeWorkers(page: Page, fault: () => void): Promise<void> {
  await page.route(/worker[^/]*\.(js|ts)(\?.*)?$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `(${fault.toString()})();\n${await response.text()}` });
  });
}
