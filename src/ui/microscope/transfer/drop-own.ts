/** The whole page takes a dropped model while the microscope shows; other files stay what they are to the app. */
import { useEffect, useState } from 'react';
import { toReport } from '../../../errors.ts';
import { usePage } from '../../context.ts';
import { showToast } from '../../store/view.ts';
import { isOnnx } from './own-model.ts';
import { addOwn } from './receiver-picker.tsx';
import { useScope } from './transfer-context.tsx';

/** True while files are held over the window. */
export function useDropOwn(): boolean {
  const scope = useScope();
  const { view } = usePage();
  const [over, setOver] = useState(false);
  useEffect(() => {
    const onOver = (event: DragEvent) =>
      setOver(event.dataTransfer?.types.includes('Files') === true);
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      setOver(false);
      const files = [...(event.dataTransfer?.files ?? [])];
      if (!files.some(isOnnx)) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      try {
        addOwn(scope, files);
      } catch (error) {
        const { message, remedy } = toReport(error);
        showToast(view, `${message}. ${remedy}`);
      }
    };
    // Before the app, which would take the first file for an experiment.
    addEventListener('drop', onDrop, { capture: true });
    addEventListener('dragover', onOver);
    addEventListener('dragleave', onLeave);
    return () => {
      removeEventListener('drop', onDrop, { capture: true });
      removeEventListener('dragover', onOver);
      removeEventListener('dragleave', onLeave);
    };
  }, [scope, view]);
  return over;
}
