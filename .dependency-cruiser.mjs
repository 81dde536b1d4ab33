/**
 * Imports run one way: gpu <- kernels <- model <- rl <- lab <- ui, cli (docs/architecture.md). Types count too.
 * Tests and the helpers under `testing/` may look below their layer, so they are held to the same rules only from above.
 */
const TESTS = '\\.(test|spec)\\.tsx?$|/testing/';

/** What each layer may import besides itself and the files of src/ that belong to nobody. */
const ALLOWED = {
  gpu: [],
  kernels: ['gpu'],
  model: ['gpu', 'kernels'],
  rl: ['gpu', 'kernels', 'model'],
  receiver: ['kernels', 'model'],
  lab: ['gpu', 'kernels', 'model', 'rl', 'receiver'],
  // The page talks to the worker; what computes is not its vocabulary.
  ui: ['rl', 'lab', 'receiver'],
  cli: ['gpu', 'kernels', 'model', 'rl', 'receiver', 'lab'],
};

const layers = Object.keys(ALLOWED);

const direction = layers.map((layer) => {
  const forbidden = layers.filter((other) => other !== layer && !ALLOWED[layer].includes(other));
  return {
    name: `${layer}-imports-only-what-lies-below`,
    comment: `src/${layer} may import from: ${ALLOWED[layer].join(', ') || 'no other layer'}.`,
    severity: 'error',
    from: { path: `^src/${layer}/`, pathNot: TESTS },
    to: { path: `^src/(${forbidden.join('|')})/` },
  };
});

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    ...direction,
    {
      name: 'no-circles',
      comment:
        'Two files that need each other are one idea: merge them, or move what they share below both. Types count too.',
      severity: 'error',
      from: {},
      to: { circular: true },
    },
    {
      name: 'microscopes-do-not-know-each-other',
      comment: 'What two microscopes share stands beside their folders.',
      severity: 'error',
      from: { path: '^src/ui/microscope/([^/]+)/' },
      to: { path: '^src/ui/microscope/[^/]+/', pathNot: '^src/ui/microscope/$1/' },
    },
    {
      name: 'hidden-judges-only-evaluate',
      comment: 'What judges answers that no verifier can judge must stay out of training.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/rl/evaluate/|${TESTS}` },
      to: { path: '^src/rl/tasks/couplet-judge\\.ts$' },
    },
    {
      name: 'errors-and-build-import-nothing',
      severity: 'error',
      from: { path: '^src/(errors|build)\\.ts$' },
      to: { path: '.' },
    },
    {
      name: 'no-tests-in-the-product',
      severity: 'error',
      from: { path: '^src/', pathNot: TESTS },
      to: { path: TESTS },
    },
    {
      name: 'dawn-only-headless',
      comment:
        'Only the device for Node, the command line and tests may load Dawn: the page must never pull it in.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/gpu/node\\.ts$|^src/cli/|${TESTS}` },
      to: { path: '(^|/)node_modules/webgpu/|^src/gpu/node\\.ts$' },
    },
    {
      name: 'node-built-ins-only-headless',
      comment: 'Everything but the command line runs in a browser too.',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/gpu/node\\.ts$|^src/cli/|${TESTS}` },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      from: {},
      // Type packages that a triple-slash comment names have nothing to run, so nothing to resolve. The bench's peers are
      // installed by the bench, in a package of its own.
      to: {
        couldNotResolve: true,
        pathNot:
          '\\?(raw|url|worker)|^vite/client$|^@webgpu/types$|^@jax-js/jax$|^@tensorflow/tfjs(-backend-webgpu)?$|^webgpu-torch$',
      },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
