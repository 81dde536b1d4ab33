/** The whole page takes a dropped model while something that can use it shows; other files stay what they are to the app. */
import { useEffect, useState } from 'react';
import { isOnnx } from './own-model.ts';

/**
 * @param take gets the dropped files, an .onnx among them; keep it the same between renderings
 * @returns true while files are held over the window
 */
export function useDropOwn(take: (files: readonly File[]) => void): boolean {
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
      take(files);
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
  }, [take]);
  return over;
}
