import { expect, test } from 'vitest';
import { experimentSchema } from './schema.ts';
import { describeSettings } from './settings.ts';
import { settingsMarkdown } from './settings-doc.ts';

test('docs/settings.md is what the declarations say', async () => {
  await expect(settingsMarkdown()).toMatchFileSnapshot('../../../docs/settings.md');
});

test('the page names every setting of every task and term', () => {
  const page = settingsMarkdown();
  for (const { path, help } of describeSettings(experimentSchema)) {
    expect(page).toContain(`\`${path}\``);
    expect(page).toContain(help.replaceAll('|', '\\|'));
  }
});
