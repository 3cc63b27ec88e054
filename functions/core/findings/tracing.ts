import type { PresetName } from '../../contract/preset.ts';
import type { Snapshot } from '../model/snapshot.ts';

/* How programs say which code runs: tags in a comment of each statement, or the line in application_name. */

const rails =
  'config.active_record.query_log_tags_enabled = true, with query_logs prepended (query_log_tags_prepend_comment, Rails 7.1)';
const django =
  "MIDDLEWARE += ['google.cloud.sqlcommenter.django.middleware.SqlCommenter'] writes the route into each statement";

const byProgram: Readonly<Partial<Record<PresetName, string>>> = {
  django: `${django}.`,
  'node-postgres':
    "Knex, Sequelize and Drizzle write tags by SQLCommenter (`.comment({ route })` in Drizzle), Prisma by `comments: [queryTags()]`; with pg alone, put /*route='…'*/ before each statement.",
  sqlalchemy:
    'google-cloud-sqlcommenter has a listener for before_cursor_execute that writes the route into each statement.',
};

const any = `Let the program write tags into its statements. Django: ${django}; Rails: ${rails}; Prisma: \`comments: [queryTags()]\`.`;

const lineByName =
  ' Or let each connection carry its line: examples/tracing has a dozen lines for each that set application_name to `shop reports.py:8`.';
const lineOnMysql =
  ' Or let each connection carry its line: examples/tracing has a dozen lines for each that set the connection attribute program_name.';

const onMariadb =
  'MariaDB shows no last statement of a session that rests. Give each program a user of its own, or, where performance_schema is on, let each connection carry its line in the attribute program_name: examples/tracing shows how.';

/** How to make the code known that opens sessions; null stands for a program of which no preset speaks, or for several. */
export function describeTracing(program: PresetName | null, engine: Snapshot['engine']): string {
  if (engine === 'mariadb') return onMariadb; // which shows no statement of a session that rests
  const tags = (program && byProgram[program]) ?? any;
  return `${tags}${engine === 'postgres' ? lineByName : lineOnMysql}`;
}
