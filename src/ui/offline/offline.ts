/** Keeps the page for use without a network, and says so once a newer build is there. Nothing is ever reloaded by itself. */

/** Milliseconds between two looks for a newer build, while the page stays open. */
const LOOK_EVERY = 3600_000;

/**
 * Registers the service worker once the page stands and nothing else is due. Where a browser has none or refuses it, as in private windows,
 * the page works as before.
 * @param onNewer is called once, when a build other than the page's own is ready
 */
export function keepOffline(onNewer: () => void): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const idle = globalThis.requestIdleCallback ?? ((act: () => void) => setTimeout(act, 3000));
  const begin = () => idle(() => void register(onNewer).catch(() => undefined));
  if (document.readyState === 'complete') begin();
  else addEventListener('load', begin, { once: true });
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
