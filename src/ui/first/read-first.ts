/** Reads the recording that is delivered with the page, once the lab has been started. */
import { openBundle } from '../../lab/bundle/bundle.ts';
import type { Page } from '../context.ts';
import type { Lab } from '../lab.ts';
import { type About, type FirstOptions, FirstRecording } from './first-recording.ts';

const FOLDER = 'recordings/';

/** Milliseconds after which the recording is read though the adapter is not known yet. */
const PATIENCE = 1500;

export function firstRecording(lab: Lab): FirstRecording {
  return new FirstRecording({ lab, read, frames });
}

/** Shows the recording on arrival, unless the address asks for an experiment, or a person wants none. */
export async function greet({ lab, first, preferences }: Page, asked: boolean): Promise<void> {
  if (asked || !preferences.getState().recording) return;
  first.expect();
  await Promise.race([
    lab.until(({ adapter, noGpu, gpuAsked }) => !gpuAsked || adapter !== null || noGpu !== null),
    new Promise((resolve) => setTimeout(resolve, PATIENCE)),
  ]);
  if (lab.data.present !== null) {
    first.close();
    return;
  }
  // A software adapter computes on the processor that would draw the play.
  const busy = lab.data.adapter?.software === true;
  await first.open(busy || matchMedia('(prefers-reduced-motion: reduce)').matches);
}

const read: FirstOptions['read'] = async () => {
  const about = (await (await get('first.json')).json()) as About;
  const bytes = new Uint8Array(await (await get(about.bundle)).arrayBuffer());
  return { about, bundle: await openBundle(bytes) };
};

async function get(name: string): Promise<Response> {
  const response = await fetch(new URL(`${FOLDER}${name}`, document.baseURI));
  if (!response.ok) throw new Error(`${name} is not there`);
  return response;
}

const frames: FirstOptions['frames'] = (draw) => {
  let begun: number | null = null;
  const frame = (now: number) => {
    begun ??= now;
    if (draw(now - begun)) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
};
