import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-500.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '@fontsource/ibm-plex-mono/latin-400.css';
import './styles/index.css';
import { start } from './start.tsx';

const root = document.getElementById('root');
if (root) {
  start(
    root,
    () =>
      new Worker(new URL('../lab/worker.ts', import.meta.url), { type: 'module', name: 'baton' }),
    // With the first model comes what runs it.
    async (ref, signal) => (await import('./microscope/open-model.ts')).openModel(ref, signal),
  );
}
