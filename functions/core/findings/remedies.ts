import type { Preset, PresetName } from '../../contract/preset.ts';

/** How a program lets go of its connections, where the policy says what program it is. */
const byProgram: Readonly<Record<PresetName, string>> = {
  django:
    'Django closes a connection only as a request of the same thread begins or ends. In a thread or command: django.db.connection.close() in a finally, or close_old_connections() in each turn of a loop; around a raw driver: `with closing(connect(...)) as conn:`. If they are web threads without work, run fewer workers x threads. Under ASGI: CONN_MAX_AGE = 0, and a pool (OPTIONS pool, Django 5.1).',
  celery:
    "In every thread that a task starts: django.db.connection.close() in a finally; around raw drivers `with closing(connect(...)) as conn:`. The task's own connection Celery closes after each task (from 5.6), or once it is past CONN_MAX_AGE (4.4 to 5.5), but only where the worker finds DJANGO_SETTINGS_MODULE; elsewhere, or before 5.6 with CONN_MAX_AGE None: django.db.connections.close_all() in a function under @task_postrun.connect.",
  sqlalchemy:
    'Give each connection back: `with engine.connect() as conn:` or `with Session(engine) as session:`; make one engine per process; pool_size and max_overflow as many as are busy at once, pool_recycle=1800.',
  hikaricp:
    'Give each connection back: `try (Connection c = dataSource.getConnection())`; leakDetectionThreshold=60000 logs the line that kept one. For fewer idle ones: minimumIdle below maximumPoolSize, and idleTimeout.',
  'node-postgres':
    'client.release() in a finally after every pool.connect(), or pool.query(), which does it for you; one Pool per process, and `await pool.end()` before it exits.',
  lambda:
    'One connection per execution environment: open it outside the handler, use it again in the next invocation, and connect again when the first query says that it is gone; limit the concurrency, or put RDS Proxy between.',
};

const unknownProgram =
  'Close each connection where its work ends. Django closes its own only at the end of a request: in a thread or a command call django.db.connection.close() in a finally; around raw drivers write `with closing(connect(...)) as conn:`. A pool needs fewer connections or an idle limit (pool_recycle, idleTimeoutMillis; CONN_MAX_AGE only under WSGI, since under ASGI anything but 0 leaks).';

const celeryFrom56 =
  "In every thread that a task starts: django.db.connection.close() in a finally; around raw drivers `with closing(connect(...)) as conn:`. The task's own connection Celery closes after each task, whatever CONN_MAX_AGE says, but only where the worker finds DJANGO_SETTINGS_MODULE and CELERY_DB_REUSE_MAX is not set; elsewhere: django.db.connections.close_all() in a function under @task_postrun.connect.";

/** What to change in Celery's tasks, by its version where the policy says it. */
export function describeLettingGoOfCelery(preset: Preset | null): string {
  return preset?.habit === 'closes-after-task' ? celeryFrom56 : byProgram.celery;
}

/** What to change so that connections are closed; null stands for a program of which no preset speaks. */
export function describeLettingGo(program: PresetName | null): string {
  return program === null ? unknownProgram : byProgram[program];
}

const committingDjango =
  "its work has to end in a commit or a rollback. Django: `with transaction.atomic():` around it. Search for cursor.execute('BEGIN'), for set_autocommit(False) without a commit in a finally, and for raw connections that never commit.";

const committing: Readonly<Record<PresetName, string>> = {
  django: committingDjango,
  celery: committingDjango,
  sqlalchemy:
    '`with Session(engine) as session, session.begin():` commits or rolls back. A SELECT begins a transaction too, so close the session after reading.',
  hikaricp:
    'after setAutoCommit(false) commit, roll back in the catch, and close the connection in every case; keep @Transactional methods short.',
  'node-postgres':
    "try { …; await client.query('COMMIT') } catch (e) { await client.query('ROLLBACK'); throw e } finally { client.release() }.",
  lambda:
    'commit or roll back before the handler returns, also where it throws, since a frozen environment keeps the transaction and its locks.',
};

/** What to change where a transaction is begun, as the end of a sentence; null stands for a program of which no preset speaks. */
export function describeCommitting(program: PresetName | null): string {
  return committing[program ?? 'django'];
}
