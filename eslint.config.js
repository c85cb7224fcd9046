import globals from 'globals';

// Types and unknown names are tsc's to find, layout is prettier's; these rules find what both let
// through.
const rules = {
  'array-callback-return': 'error',
  'default-case-last': 'error',
  'dot-notation': 'error',
  eqeqeq: 'error',
  'guard-for-in': 'error',
  'no-console': 'error',
  'no-constant-condition': 'error',
  'no-debugger': 'error',
  'no-dupe-else-if': 'error',
  'no-duplicate-imports': 'error',
  'no-else-return': 'error',
  'no-empty': 'error',
  'no-eval': 'error',
  'no-fallthrough': 'error',
  'no-implicit-coercion': ['error', { boolean: false }],
  'no-implied-eval': 'error',
  'no-lonely-if': 'error',
  'no-new-func': 'error',
  'no-param-reassign': 'error',
  'no-promise-executor-return': 'error',
  'no-return-assign': 'error',
  'no-self-compare': 'error',
  'no-shadow': 'error',
  'no-throw-literal': 'error',
  'no-undef': 'error',
  'no-unreachable': 'error',
  'no-unsafe-finally': 'error',
  'no-unused-expressions': 'error',
  'no-unused-vars': 'error',
  'no-useless-concat': 'error',
  'no-useless-rename': 'error',
  'no-useless-return': 'error',
  'no-var': 'error',
  'object-shorthand': 'error',
  'prefer-arrow-callback': 'error',
  'prefer-const': 'error',
  'prefer-promise-reject-errors': 'error',
  'prefer-template': 'error',
  yoda: 'error',
};

export default [
  { ignores: ['.uv/', '.venv/', 'assets/', 'build/', 'dist/', 'tests/fixtures/'] },
  {
    files: ['**/*.js', '**/*.mjs'],
    linterOptions: { reportUnusedDisableDirectives: 'error' },
    rules,
  },
  {
    files: ['site_templates/**/*.js'],
    languageOptions: {
      globals: { ...globals.browser, ...globals.worker, ...globals.serviceworker },
    },
    rules: {
      // Names and labels come from a model's files: they enter the page as text, never as HTML.
      'no-restricted-properties': [
        'error',
        ...['innerHTML', 'outerHTML', 'insertAdjacentHTML'].map((property) => ({
          property,
          message: 'Use textContent or elements.',
        })),
      ],
    },
  },
  {
    // What tests run inside a page belongs to the browser.
    files: ['tests/**/*.js', 'tests/**/*.mjs'],
    languageOptions: { globals: { ...globals.nodeBuiltin, ...globals.browser } },
  },
  {
    files: ['builder/watch/*.js'],
    languageOptions: {
      globals: globals.browser,
    },
  },
  {
    files: ['builder/runtime/engine/**/*.js'],
    languageOptions: { globals: { ...globals['shared-node-browser'] } },
  },
  {
    files: ['benchmarks/peers/*.js'],
    languageOptions: { globals: { ...globals.browser } },
  },
  {
    files: ['builder/runtime/*.mjs', 'benchmarks/*.mjs'],
    languageOptions: { globals: { ...globals.nodeBuiltin } },
  },
];
