import { readFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';
import { commitOfSources } from './scripts/commit.mjs';
import { offline } from './scripts/offline-plugin.mjs';

const { version } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** The development server injects inline scripts and styles, which the page's own policy rightly forbids. */
function relaxPolicyInDevelopment(): Plugin {
  return {
    name: 'baton:relax-policy-in-development',
    apply: 'serve',
    transformIndexHtml: (html) =>
      html.replace(/\s*<meta\s+http-equiv="Content-Security-Policy"[^>]*>/, ''),
  };
}

/** The built page is served to this machine alone, where packing takes both ends longer than the way between them. */
function serveUnpacked(): Plugin {
  return {
    name: 'baton:serve-unpacked',
    configurePreviewServer: ({ middlewares }) => {
      middlewares.use((request, _, next) => {
        delete request.headers['accept-encoding'];
        next();
      });
    },
  };
}

export default defineConfig({
  // Relative addresses, so that the built page works below any path.
  base: './',
  // A missing file is a 404, not the page again: a model that is not there must not parse as HTML.
  appType: 'mpa',
  plugins: [react(), relaxPolicyInDevelopment(), serveUnpacked(), offline()],
  define: {
    __BATON_BUILD__: JSON.stringify(`${version}+${process.env.BATON_SOURCES ?? 'dev'}`),
    __BATON_COMMIT__: JSON.stringify(commitOfSources()),
  },
  build: {
    target: 'chrome125',
    // Fonts as data: addresses would be blocked by font-src 'self'.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
  },
  worker: { format: 'es' },
  server: { host: '127.0.0.1', port: Number(process.env.PORT || 5173), strictPort: true },
});
