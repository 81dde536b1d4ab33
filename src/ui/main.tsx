/** The entry of the page: small, so that what takes long begins at once. */
import './trusted-types.ts';
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-500.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '@fontsource/ibm-plex-mono/latin-400.css';
import './styles/index.css';

const spawn = () =>
  new Worker(new URL('../lab/worker.ts', import.meta.url), { type: 'module', name: 'baton' });

/** Spawned before the page's own code is there, so that the trainer opens the GPU meanwhile. */
let early: Worker | null = spawn();
// One that ends before anybody listens to it is not handed out.
early.onerror = () => {
  early = null;
};

const root = document.getElementById('root');
if (root) {
  const { start } = await import('./start.tsx');
  start(
    root,
    () => {
      const worker = early ?? spawn();
      early = null;
      return worker;
    },
    // With the first model comes what runs it.
    {
      openModel: async (...asked) =>
        (await import('./microscope/open-model.ts')).openModel(...asked),
      openReward: async (...asked) =>
        (await import('./microscope/open-model.ts')).openReward(...asked),
    },
  );
}
