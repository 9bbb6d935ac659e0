import { builtinModules } from 'node:module';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom: the arrows of ARCHITECTURE.md. A package that is not listed beside another may not be imported by
 * it, and no package reaches into another's folder.
 */
const mayImport = {
  'bare-protocol': [],
  cookies: [],
  rewriter: [],
  'm-proxy': [],
  'http-socket': [],
  'http2-describe': [],
  'bare-client': ['bare-protocol'],
  runtime: ['rewriter', 'cookies', 'bare-client'],
  sw: ['rewriter', 'cookies', 'bare-client', 'runtime'],
  'bare-server': ['bare-protocol', 'http-socket'],
  culvert: ['bare-server', 'http2-describe', 'm-proxy', 'sw'],
  'vite-plugin': ['bare-server', 'http-socket', 'runtime', 'sw'],
};

/** The packages that run outside Node: no Node module and no Node global there. */
const nodePackages = ['bare-server', 'culvert', 'http2-describe', 'vite-plugin'];

/** Folders of other packages that run in Node. */
const nodeFolders = ['packages/m-proxy/src/tunnel/**', 'packages/http-socket/src/{node,server}/**'];

/** Globals of a realm that a file must not use, for packages whose `lib` has to admit more than they may touch. */
const forbiddenGlobals = {
  // Runs in windows, workers and Node alike.
  'bare-client': ['window', 'document', 'localStorage', 'navigator', 'self', 'process', 'Buffer'],
  // A page may replace any global at any time: natives are captured at boot (natives.ts) and used through the realm.
  runtime: ['window', 'document', 'top', 'parent', 'localStorage', 'sessionStorage', 'fetch', 'WebSocket', 'location'],
  sw: ['location', 'XMLHttpRequest', 'process', 'Buffer'],
};

const packageRules = Object.entries(mayImport).map(([name, allowed]) => ({
  files: [`packages/${name}/src/**/*.ts`],
  ignores: ['**/*.test.ts', '**/*.test-support.ts', '**/src/page/**', ...nodeFolders],
  rules: {
    'no-restricted-imports': [
      'error',
      {
        paths: nodePackages.includes(name) ? [] : builtinModules.map((module) => ({ name: module })),
        patterns: [
          {
            regex: `^@culvert/(?!(${allowed.join('|') || '-'})(/|$))`,
            message: `${name} may import ${allowed.map((other) => `@culvert/${other}`).join(', ') || 'no other package'}.`,
          },
          { regex: '(^|/)packages/', message: 'Import another package by its name.' },
          ...(nodePackages.includes(name) ? [] : [{ regex: '^node:', message: `${name} does not run in Node alone.` }]),
        ],
      },
    ],
    'no-restricted-globals': ['error', ...(forbiddenGlobals[name] ?? [])],
  },
}));

export default tseslint.config(
  {
    ignores: [
      '**/dist/',
      '**/dist-site/',
      '**/dist-types/',
      '**/node_modules/',
      'test/{sites,large-sites}/**/fixtures/',
      // Scripts of pages: what one declares the others use.
      'test/platform/**/*.js',
      'test-results/',
      'playwright-report/',
      '.culvert/',
      'docs/api/',
    ],
  },
  ...tseslint.configs.recommended,
  {
    rules: {
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-empty': 'error',
      'prefer-const': ['error', { destructuring: 'all' }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', caughtErrorsIgnorePattern: '^_' }],
    },
  },
  {
    // The runtime and its tests handle values of a realm whose types a page may have changed: `any` is what they are.
    files: ['packages/runtime/**/*.ts', 'test/**/*.ts', '**/*.test.ts'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'off',
      '@typescript-eslint/no-unsafe-function-type': 'off',
      '@typescript-eslint/no-this-alias': 'off',
    },
  },
  ...packageRules,
);
