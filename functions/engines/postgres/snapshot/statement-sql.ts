import { bytesOf, escaped, rawText } from './text.ts';

/** As much of one statement as is read, in bytes. */
const longest = 4_096;
/** As much of all statements together, so that a full server with long ones is still read: 350 of each of 20,000. Bytes
 *  above 127 are sent as five. */
const together = 7_000_000;

const kept = `least(${longest}, ${together} / greatest(1, (select pg_catalog.count(*) from activity)))::int`;

const isCutHere = `(pg_catalog.octet_length(a.query) > ${kept})`;

// The server keeps one byte less than this, and no part of a character. Its size as text may end with B, which not every version reads.
const isCutThere = `pg_catalog.octet_length(a.query)
      > (select s.setting::int from pg_catalog.pg_settings s where s.name = 'track_activity_query_size') - 5`;

/** As much of all statements together as patterns are tried on, in bytes: a megabyte takes one of them 20 ms, and a full server has hundreds. */
const searched = 16_000_000;

const isTooMuch = `(select pg_catalog.sum(pg_catalog.octet_length(all_of.query)) > ${searched} from activity all_of)`;

/** Small letters as bytes: "C" looks at no character, and finding bytes in bytes takes a hundredth of a pattern's time. */
const lowered = `pg_catalog.textsend(pg_catalog.lower(a.query collate pg_catalog."C"))`;

/**
 * Whether the words stand anywhere in what is not sent: read there, since megabytes of it would have to be sent otherwise. A part of
 * them is looked for first; where there is too much for patterns, that part is enough (in doubt it is mentioned, which spares).
 */
const mentions = (part: string, words: string) =>
  `case when ${isCutHere} then pg_catalog."position"(${lowered}, '${part}'::pg_catalog.bytea) > 0
      and (${isTooMuch} or ${rawText('a.query')} ~* E'\\\\m(${words})\\\\M') else false end`;

/**
 * A session's statement as columns, for a row `a` of `activity`: cut where it is long (track_activity_query_size may be 1 MB),
 * and what the part that is cut off may say of LISTEN and of a backup.
 */
export const statementColumns = `
    ${escaped(`pg_catalog.substr(${bytesOf('a.query')}, 1, ${kept})`)} as statement,
    coalesce(${isCutHere} or ${isCutThere}, false) as "isStatementCut",
    coalesce(${mentions('listen', 'listen')}, false) as "mentionsListen",
    coalesce(${mentions('backup', 'pg_backup_start|pg_start_backup')}, false) as "mentionsBackup",
    coalesce(${mentions('snapshot', 'pg_export_snapshot|transaction[[:space:]]+snapshot')}, false) as "mentionsSnapshot"`;
