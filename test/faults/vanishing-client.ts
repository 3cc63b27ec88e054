import { loadEngine } from '../../functions/flow/load-engine.ts';
import type { Login } from '../../functions/engines/engine.ts';

/** Takes the lock of a server as a sweep does, says so, and stays until it is killed. */
const { engine, ...login } = JSON.parse(process.argv[2] ?? '') as Login & { engine: 'postgres' | 'mysql' };
const limits = { connectMs: 20_000, statementMs: 20_000 };
const control = await (await loadEngine(engine)).connect(login, limits, new AbortController().signal);
const { isTaken } = await control.lock();
process.stdout.write(`taken: ${isTaken}\n`);
setInterval(() => undefined, 60_000);
