/** `npm start`: installs what is missing, builds the page when its sources changed, and serves it. */
import { createServer } from 'node:net';
import { cachedBuild, hashSources, touch } from './build-cache.mjs';
import { ensureDependencies, fail, root } from './dependencies.mjs';

const HOST = '127.0.0.1';
const SOURCES = [
  'src',
  'public',
  'index.html',
  'vite.config.ts',
  'scripts/offline-plugin.mjs',
  'package.json',
  'package-lock.json',
];

function readPort() {
  const text = process.env.PORT || '5173';
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65535) {
    fail(`PORT is "${text}"; it must be a number from 1 to 65535.`);
  }
  return port;
}

function failTaken(port) {
  fail(
    `Port ${port} is in use. Stop what runs there, or choose another: PORT=${port + 1} npm start`,
  );
}

/** Resolves when the port is free; asked before the build, so that the answer comes at once. */
function requireFreePort(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', (error) => {
      if (error.code === 'EADDRINUSE') failTaken(port);
      fail(`Port ${port} cannot be opened (${error.code ?? error.message}).`);
    });
    probe.listen(port, HOST, () => probe.close(resolve));
  });
}

async function main() {
  const port = readPort();
  ensureDependencies();
  await requireFreePort(port);

  const vite = await import('vite');
  const hash = hashSources(SOURCES);
  process.env.BATON_SOURCES = hash;
  const outDir = await cachedBuild('page', hash, (draft) => {
    process.stderr.write('baton: building the page\n');
    return vite.build({
      root,
      logLevel: 'error',
      build: { outDir: draft, emptyOutDir: true, reportCompressedSize: false },
    });
  }).catch((error) => fail(`The page could not be built: ${error.message}`));

  const server = await vite
    .preview({
      root,
      logLevel: 'error',
      build: { outDir },
      preview: { host: HOST, port, strictPort: true, open: false },
    })
    .catch((error) => (/in use/.test(error.message) ? failTaken(port) : fail(error.message)));
  const stop = () => {
    server.httpServer.closeAllConnections?.();
    server.httpServer.close(() => process.exit(0));
  };
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  setInterval(() => touch(outDir), 3600_000).unref();

  const answer = await fetch(`http://${HOST}:${port}/`);
  if (!answer.ok) fail(`The page answered with status ${answer.status}.`);
  console.log(`Baton: http://localhost:${port}/`);
}

await main();
