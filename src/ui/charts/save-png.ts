/** Hands a figure to the reader as a picture of pixels. */
import { saveFile } from './save-file.ts';

/** Pixels of the picture for each of the figure: enough for print. */
const SCALE = 3;

/** @param svg a picture that stands alone. Rejects with an Error where the browser cannot draw it. */
export async function savePng(name: string, svg: string): Promise<void> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = SCALE * image.width;
    canvas.height = SCALE * image.height;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (!blob) throw new Error('The browser drew no picture');
    saveFile(name, blob, 'image/png');
  } finally {
    URL.revokeObjectURL(url);
  }
}
