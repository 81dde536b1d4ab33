/** Keeps the page for use without a network, and says so once a newer build is there. Nothing is ever reloaded by itself. */

/** Milliseconds between two looks for a newer build, while the page stays open. */
const LOOK_EVERY = 3600_000;

/**
 * Registers the service worker. Where a browser has none or refuses it, as in private windows, the page works as before.
 * @param due when the files may be fetched: on a slow machine keeping them takes two seconds of a first run
 * @param onNewer is called once, when a build other than the page's own is ready
 */
export async function keepOffline(due: Promise<void>, onNewer: () => void): Promise<void> {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  await due;
  await register(onNewer).catch(() => undefined);
}

async function register(onNewer: () => void): Promise<void> {
  const address = new URL('service-worker.js', document.baseURI).href;
  const registration = await navigator.serviceWorker.register(address);
  let told = false;
  const look = async (worker: ServiceWorker | null) => {
    if (told || worker?.state !== 'installed' || (await isOwn(worker))) return;
    told = true;
    onNewer();
  };
  const follow = (worker: ServiceWorker | null) =>
    worker?.addEventListener('statechange', () => void look(worker));
  registration.addEventListener('updatefound', () => follow(registration.installing));
  follow(registration.installing);
  void look(registration.waiting);
  setInterval(() => void registration.update().catch(() => undefined), LOOK_EVERY);
}

/** Whether a worker is of the build that shows: it then knows the page's script. */
function isOwn(worker: ServiceWorker): Promise<boolean> {
  const script = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => resolve(data === true);
    worker.postMessage(script?.src, [port2]);
  });
}
