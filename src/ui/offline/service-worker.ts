/**
 * The page without a network. What a first run needs is kept when the worker is installed: the page, the trainer with its kernels, and
 * the policies of the first presets. Other models are kept once they were used. The page itself comes from the network where there
 * is one, so that a reload never shows an old build. A new worker waits until no tab uses the old one: nothing is taken from a run.
 */
import { clientsClaim } from 'workbox-core';
import { addRoute, cleanupOutdatedCaches, matchPrecache, precache } from 'workbox-precaching';
import { registerRoute } from 'workbox-routing';
import { CacheFirst } from 'workbox-strategies';

/** Put in by the build. */
declare const __BATON_OFFLINE__: {
  /** Addresses below the page's own, each with a hash where its name has none. */
  readonly files: readonly { readonly url: string; readonly revision: string | null }[];
  /** A hash over all models of the build. */
  readonly models: string;
};

const worker = globalThis as unknown as ServiceWorkerGlobalScope;
const { files, models } = __BATON_OFFLINE__;
const { scope } = worker.registration;

/** Caches of models, this build's and earlier ones'; other pages of the same origin have other scopes. */
const USED = `baton-used ${scope} `;

precache([...files]);
cleanupOutdatedCaches();
clientsClaim();

registerRoute(
  ({ request }) => request.mode === 'navigate',
  async ({ request }) => {
    try {
      return await fetch(request);
    } catch {
      return (await matchPrecache('index.html')) ?? Response.error();
    }
  },
);
addRoute();
registerRoute(
  ({ url }) => url.href.startsWith(scope) && /\/models\/|\.wasm$/.test(url.pathname),
  new CacheFirst({ cacheName: USED + models }),
);

worker.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => names.filter((name) => name.startsWith(USED) && name !== USED + models))
      .then((old) => Promise.all(old.map((name) => caches.delete(name)))),
  );
});

/** A page asks whether a script of its own belongs to this build. */
worker.addEventListener('message', ({ data, ports: [port] }) => {
  port?.postMessage(files.some(({ url }) => new URL(url, scope).href === data));
});
