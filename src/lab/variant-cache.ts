/** The page's memory of which kernel variants suit this machine. */
import { BUILD } from '../build.ts';
import type { Decision, VariantStore } from '../kernels/tune.ts';

const VARIANT_CACHE = 'baton-variants';

/**
 * Remembers the variants in the browser's cache, under an address that is never fetched. Undefined in development, where the sources
 * may change while the build's name stays the same, and in browsers without such a cache.
 * @param page the page's folder
 */
export function variantCache(page: URL): VariantStore | undefined {
  if (!import.meta.env.PROD || !('caches' in self)) return undefined;
  const address = (key: string) => new URL(`variants?${encodeURIComponent(key)}`, page);
  return {
    build: `${BUILD} ${navigator.userAgent}`,
    get: async (key) => {
      const kept = await caches.match(address(key), { cacheName: VARIANT_CACHE });
      return kept ? ((await kept.json()) as Decision) : null;
    },
    set: async (key, decision) => {
      // One machine, one build: earlier entries are useless now.
      await caches.delete(VARIANT_CACHE);
      const cache = await caches.open(VARIANT_CACHE);
      await cache.put(address(key), Response.json(decision));
    },
  };
}
