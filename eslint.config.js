import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** Words that .textlintrc.json keeps out of the pages; here they are kept out of the texts that people see. */
const replacedWords =
  'tells?|told|whoever|whomever|nobody|anew|amid(st)?|midst|mend(s|ed)?|believed?|belief|foretells?|by itself|letting go|look(s|ed)? again';
const plainWords = ['Literal[value=', 'TemplateElement[value.raw='].map((node) => ({
  selector: `${node}/\\b(${replacedWords})\\b/i]`,
  message: 'People see this text: use a plainer word (.textlintrc.json has them).',
}));

/** Texts that still have such words. Make this list shorter, never longer. */
const notYetPlain = [
  'cli/init/to-configuration-text.ts',
  'functions/contract/policy-warnings.ts',
  'functions/core/findings/silent-clients.ts',
  'functions/core/findings/sweep-lock.ts',
  'functions/core/history/judge-proof.ts',
  'functions/core/notify/to-notification.ts',
  'functions/core/notify/urgent-keys.ts',
  'functions/engines/postgres/terminate/end-sql.ts',
];

const deterministic = {
  selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
  message: 'core/ is deterministic.',
};

export default defineConfig(
  { ignores: ['node_modules', 'cdk.out', 'dist', 'coverage', 'asset*'] },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/no-unnecessary-condition': 'error',
    },
  },
  {
    files: ['functions/core/**/*.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        'process',
        'console',
        'setTimeout',
        'setInterval',
        'Date',
        'fetch',
        'crypto',
      ],
      'no-restricted-syntax': ['error', deterministic],
    },
  },
  {
    files: ['functions/**/*.ts', 'cli/**/*.ts', 'infra/**/*.ts'],
    ignores: notYetPlain,
    rules: { 'no-restricted-syntax': ['error', ...plainWords] },
  },
  {
    files: ['functions/core/**/*.ts'],
    ignores: notYetPlain,
    rules: { 'no-restricted-syntax': ['error', deterministic, ...plainWords] },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', setTimeout: 'readonly' } },
  },
);
