/**
 * `npm test`: installs what is missing and runs everything: static checks, unit tests, GPU tests on
 * Dawn, the kernels again with WebGPU's guaranteed limits, journeys in Chromium. The last line printed
 * is `N passed, N failed` over all of them; a static check counts as one.
 *
 *   npm test                         everything
 *   npm test -- src/kernels e2e/lab  only tests whose path contains one of these
 *   npm run check                    static checks and unit tests (--quick): no GPU, no browser
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ensureDependencies, root } from './dependencies.mjs';
import { ensureChromium, ensureVulkan } from './setup.mjs';
import { describeVulkan, vulkanEnvironment } from './vulkan.mjs';

const minutes = (n) => n * 60_000;
/** All stages together end within this, whatever their own limits allow. */
const deadline = performance.now() + minutes(85);
const reports = join(root, '.cache/reports');
const bin = (name) => join(root, 'node_modules', ...name.split('/'));

/** Ends a child and what it started: politely first, so that a browser and a server are closed, then for sure. */
function end(child) {
  const send = (signal) => {
    try {
      if (process.platform === 'win32') child.kill(signal);
      else process.kill(-child.pid, signal);
    } catch {
      // It has ended already.
    }
  };
  send('SIGINT');
  const sure = setTimeout(() => send('SIGKILL'), 8_000);
  child.once('close', () => {
    clearTimeout(sure);
    send('SIGKILL');
  });
}

/** Runs a program and ends it, with its children, when the time is up. @returns {Promise<number>} exit status */
function run(args, { timeout: limit, env = {} }) {
  const timeout = Math.max(1_000, Math.min(limit, deadline - performance.now()));
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
      detached: process.platform !== 'win32',
    });
    const timer = setTimeout(() => {
      console.log(`stopped after ${(timeout / 60_000).toFixed(1)} minutes`);
      end(child);
    }, timeout);
    let interrupted = false;
    const interrupt = () => {
      interrupted = true;
      end(child);
    };
    process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
    child.once('close', (code) => {
      clearTimeout(timer);
      process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
      if (interrupted) process.exit(130);
      resolve(code ?? 1);
    });
  });
}

/** @typedef {{ name: string, passed: number, failed: number, skipped: number, failures?: string[] }} Outcome */

/** A stage that did not leave a report, or ended badly without a failed test, counts as one failure. */
function withStatus(outcome, status) {
  if (status !== 0 && outcome.failed === 0) return { ...outcome, failed: 1 };
  return outcome;
}

async function staticCheck(name, args) {
  const status = await run(args, { timeout: minutes(5) });
  return { name, passed: status === 0 ? 1 : 0, failed: status === 0 ? 0 : 1, skipped: 0 };
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

async function vitest(name, project, filters, { timeout, env = {} }) {
  const file = join(reports, `${name.replaceAll(' ', '-')}.json`);
  rmSync(file, { force: true });
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json'];
  if (filters.length > 0) args.push('--passWithNoTests');
  const status = await run(
    [bin('vitest/vitest.mjs'), ...args, `--outputFile.json=${file}`, ...filters],
    { timeout, env },
  );
  const report = readReport(file);
  if (!report) return { name, passed: 0, failed: status === 0 ? 0 : 1, skipped: 0 };
  // A file that cannot be loaded has no tests to fail, and still failed.
  const broken = report.testResults.filter(
    (f) => f.status === 'failed' && !f.assertionResults.some((t) => t.status === 'failed'),
  ).length;
  const outcome = {
    name,
    passed: report.numPassedTests,
    failed: report.numFailedTests + broken,
    skipped: report.numPendingTests + report.numTodoTests,
    failures: report.testResults.flatMap(failuresIn),
  };
  return withStatus(outcome, status);
}

/** The failed tests of a file, by name, with the beginning of what was wrong. */
function failuresIn({ name: file, status, message, assertionResults }) {
  const failed = assertionResults.filter((test) => test.status === 'failed');
  const at = relative(root, file);
  if (failed.length === 0) return status === 'failed' ? [`${at}: ${beginning(message)}`] : [];
  return failed.map(
    ({ fullName, failureMessages }) => `${at}: ${fullName}: ${beginning(failureMessages[0])}`,
  );
}

const beginning = (text = '') => text.replace(/\s+/g, ' ').slice(0, 200);

async function playwright(name, filters, { timeout }) {
  const file = join(reports, 'playwright.json');
  rmSync(file, { force: true });
  const args = [bin('@playwright/test/cli.js'), 'test', ...filters];
  const status = await run(args, { timeout, env: { BATON_E2E_REPORT: file } });
  const stats = readReport(file)?.stats;
  if (!stats) return { name, passed: 0, failed: 1, skipped: 0 };
  const failed = stats.unexpected + stats.flaky;
  return withStatus({ name, passed: stats.expected, failed, skipped: stats.skipped }, status);
}

/** @returns {(() => Promise<Outcome>)[]} the stages to run, in order */
function plan({ quick, filters }) {
  const e2e = filters.filter((f) => f.startsWith('e2e'));
  const rest = filters.filter((f) => !f.startsWith('e2e'));
  const all = filters.length === 0;
  const stages = [];
  if (all) {
    stages.push(
      () =>
        staticCheck('format and lint', [
          bin('@biomejs/biome/bin/biome'),
          'check',
          '--error-on-warnings',
        ]),
      () => staticCheck('types', [bin('typescript/bin/tsc'), '--noEmit', '-p', '.']),
      () =>
        staticCheck('dependency direction', [
          bin('dependency-cruiser/bin/dependency-cruise.mjs'),
          '--config',
          '.dependency-cruiser.mjs',
          ...['src', 'bench', 'e2e', 'scripts', 'studies'].filter((folder) =>
            existsSync(join(root, folder)),
          ),
        ]),
      () => staticCheck('unused code', [bin('knip/bin/knip.js')]),
    );
  }
  if (all || rest.length > 0) {
    stages.push(() => vitest('unit tests', 'unit', rest, { timeout: minutes(10) }));
  }
  if (quick) return stages;
  if (all || rest.length > 0) {
    const limits = { BATON_LIMITS: 'default' };
    stages.push(
      () => vitest('GPU tests', 'gpu', rest, { timeout: minutes(20) }),
      () =>
        vitest('GPU tests with guaranteed limits', 'gpu*', rest, {
          timeout: minutes(12),
          env: limits,
        }),
    );
  }
  if (all || e2e.length > 0) {
    stages.push(() => playwright('journeys in Chromium', e2e, { timeout: minutes(50) }));
  }
  return stages;
}

function prepare(quick) {
  ensureDependencies();
  mkdirSync(reports, { recursive: true });
  if (quick) return;
  const choice = ensureVulkan({ prefer: 'software' });
  Object.assign(process.env, vulkanEnvironment(choice));
  console.log(`Vulkan for Node: ${describeVulkan(choice)}`);
  console.log(`Chromium: ${ensureChromium() ?? 'missing'}`);
}

const args = process.argv.slice(2);
const quick = args.includes('--quick');
prepare(quick);

/** @type {Outcome[]} */
const outcomes = [];
for (const stage of plan({ quick, filters: args.filter((a) => !a.startsWith('-')) })) {
  const began = performance.now();
  const outcome = await stage();
  outcomes.push(outcome);
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${outcome.failed ? 'FAILED' : 'ok'}  ${outcome.name}  ${seconds} s\n`);
}

const total = (key) => outcomes.reduce((sum, outcome) => sum + outcome[key], 0);
for (const { name, passed, failed, skipped, failures = [] } of outcomes) {
  console.log(
    `${failed ? 'FAILED' : 'ok    '}  ${name}: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`,
  );
  for (const failure of failures) console.log(`        ${failure}`);
}
const ok = total('failed') === 0 && total('passed') > 0;
if (total('passed') + total('failed') === 0) console.log('No test matched.');
const skipped = total('skipped');
console.log(
  `${total('passed')} passed, ${total('failed')} failed${skipped ? `, ${skipped} skipped` : ''}`,
);
process.exitCode = ok ? 0 : 1;
