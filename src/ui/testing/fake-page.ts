/** Development only: the page on the fake trainer. `?ms=20&fail=31&silent=5&nogpu&software` chooses how it behaves. */
import '@fontsource/ibm-plex-sans/latin-400.css';
import '@fontsource/ibm-plex-sans/latin-500.css';
import '@fontsource/ibm-plex-sans/latin-600.css';
import '@fontsource/ibm-plex-mono/latin-400.css';
import '../styles/index.css';
import { badFile } from '../../errors.ts';
import { taskOfModel } from '../microscope/models.ts';
import { openTask } from '../microscope/scope-tasks.ts';
import { start } from '../start.tsx';
import { FakeLab } from './fake-lab.ts';
import { fakeModel, fakeReward } from './fake-model.ts';

const query = new URLSearchParams(location.search);
const root = document.getElementById('root');
if (root) {
  start(
    root,
    () =>
      new FakeLab({
        stepMs: Number(query.get('ms') ?? 50),
        noGpu: query.has('nogpu'),
        software: query.has('software'),
        ...(query.has('silent') && { silentFrom: Number(query.get('silent')) }),
        ...(query.has('fail') && { failAt: Number(query.get('fail')) }),
      }),
    {
      openReward: async ({ key }) => fakeReward(key),
      openModel: async (ref) => {
        const task = ref.kind === 'own' ? 'countdown' : (taskOfModel(ref.folder) ?? 'countdown');
        return fakeModel(ref.key, {
          task: openTask(task),
          skill: ref.key.includes('micro') ? 0.55 : 0.25,
          delayMs: Number(query.get('ms') ?? 50),
          ...(query.get('broken') === ref.key && {
            failure: badFile('model', 'model.onnx is cut short'),
          }),
        });
      },
    },
  );
}
