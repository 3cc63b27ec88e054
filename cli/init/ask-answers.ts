import type { Console } from '../terminal/console.ts';
import { UsageError } from '../usage-error.ts';

/** The options of `unleak init`; what is left out is asked on a terminal. */
export interface InitOptions {
  readonly config?: string;
  readonly engine?: 'postgres' | 'mysql' | 'mariadb';
  readonly host?: string;
  readonly port?: string;
  readonly database?: string;
  readonly name?: string;
  readonly secret?: string;
  readonly email?: string;
}

/** Everything that a first unleak.yaml needs to know. */
export interface Answers {
  readonly engine: 'postgres' | 'mysql' | 'mariadb';
  readonly host: string;
  readonly port: string | null;
  readonly database: string | null;
  readonly name: string;
  readonly secret: string;
  readonly email: string | null;
}

/** Takes what the flags say and asks for the rest; without a terminal, what must be known and is not is a UsageError. */
export async function askAnswers(options: InitOptions, console: Console): Promise<Answers> {
  if (!console.isInteractive) demandFlags(options);
  const asks = options.engine === undefined || options.host === undefined;
  const ask = async (given: string | undefined, question: string, usual: string): Promise<string> => {
    if (given !== undefined || !asks) return given ?? usual;
    return (await console.ask(usual === '' ? `${question}: ` : `${question} [${usual}]: `)) || usual;
  };
  const engine = toEngine(await ask(options.engine, 'Engine (postgres, mysql, mariadb)', 'postgres'));
  const host = await ask(options.host, 'Host name or address of the server', '');
  if (host === '') throw new UsageError('A host is needed: --host.');
  const database =
    engine === 'postgres' ? await ask(options.database, 'Database to log in to', 'postgres') : null;
  const name = await ask(options.name, 'What reports should call it', toName(host));
  const secret = await ask(options.secret, 'Secret in Secrets Manager with its login', `unleak/${name}`);
  const email = await ask(options.email, 'E-mail address for notices (empty for none)', '');
  return { engine, host, port: options.port ?? null, database, name, secret, email: email || null };
}

function demandFlags({ engine, host }: InitOptions): void {
  const missing = [...(engine ? [] : ['--engine']), ...(host ? [] : ['--host'])];
  if (missing.length > 0)
    throw new UsageError(`There is no terminal to ask on, so init needs ${missing.join(' and ')}.`);
}

function toEngine(text: string): Answers['engine'] {
  if (text === 'postgres' || text === 'mysql' || text === 'mariadb') return text;
  throw new UsageError('The engine must be postgres, mysql or mariadb.');
}

/** The first part of a host name; an address as a whole. */
function toName(host: string): string {
  const first = /^[\d.:]+$/.test(host) ? host : (host.split('.', 1)[0] ?? '');
  const name = first
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return name || 'database';
}
