import type { EndRequest } from '../../engine.ts';
import { areDigits, toLiteral } from './end-sql.ts';
import { inTime } from './no-such-id.ts';

/** What became of each session of a block, as the letters in which the server answers. */
export const blockResults = {
  s: 'signalled',
  g: 'gone',
  c: 'changed',
  l: 'late',
  /** Another session has its query's number, so that KILL QUERY ID could not tell them apart. */
  n: 'not alone',
} as const;
export type BlockResult = (typeof blockResults)[keyof typeof blockResults];

/** Whether KILL QUERY ID can check this session, so that it can be ended together with others: it sleeps and has run something. */
export function canShareBlock({ session, action }: EndRequest): boolean {
  const { use: query = '', state } = session.identity;
  return (
    action === 'terminate' &&
    session.state !== 'active' &&
    session.state === state &&
    areDigits(session.id, query) &&
    Number(query) !== 0
  );
}

/**
 * MariaDB: checks and ends several sessions, with one reading of the process list for all of them. That list may be milliseconds
 * old when a session's turn comes. So KILL QUERY ID asks right before each KILL: it finds nobody once the session has begun another
 * command. The clock stands before that question, as in `endSql` (decisions 22 and 79). Nobody else gets the number meanwhile: our own statement has a
 * higher one. `@unleak_results` has a letter for each session, or an error's number in brackets.
 */
export function endBlock(batch: readonly EndRequest[], freshForUs: number): string {
  const ends = batch.map((request) => endOne(request, freshForUs)).join(' ');
  return `SET @unleak_results = ''; BEGIN NOT ATOMIC ${readList(batch)} ${ends} END; ${askBlockResults}`;
}

/** What the block has done so far; it answers with it by itself, unless it fails as a whole. */
export const askBlockResults = 'SELECT @unleak_results AS results';

function readList(batch: readonly EndRequest[]): string {
  const ids = batch.map(({ session }) => session.id).join(', ');
  const queries = batch.map(({ session }) => session.identity['use'] ?? '').join(', ');
  const ofEach = (condition: (request: EndRequest) => string) =>
    `CASE id ${batch.map((request) => `WHEN ${request.session.id} THEN ${condition(request)}`).join(' ')} ELSE FALSE END`;
  const there = `id <> CONNECTION_ID() AND ${ofEach(isThere)}`;
  const same = `${there} AND command IN ('Sleep', 'Killed') AND ${ofEach(isUnused)}`;
  const list = (column: string) => `COALESCE(GROUP_CONCAT(CONCAT(';', ${column}, ';') SEPARATOR ''), '')`;
  return `SET @unleak_seen = '', @unleak_same = '', @unleak_numbers = '';
    SELECT ${list(`IF(${there}, id, NULL)`)}, ${list(`IF(${same}, id, NULL)`)}, ${list('query_id')}
      INTO @unleak_seen, @unleak_same, @unleak_numbers
      FROM information_schema.processlist WHERE id IN (${ids}) OR query_id IN (${queries});`;
}

const isThere = ({ session }: EndRequest) =>
  `CONCAT(user, '@', host) = ${toLiteral(session.identity.connection)}`;
const isUnused = ({ session }: EndRequest) =>
  `(query_id = ${session.identity['use'] ?? ''} AND time_ms >= ${session.stateMs ?? 0})`;

const note = (letter: keyof typeof blockResults) =>
  `SET @unleak_results = CONCAT(@unleak_results, '${letter}');`;

function endOne({ session }: EndRequest, freshForUs: number): string {
  const { id } = session;
  const query = session.identity['use'] ?? '';
  const item = `;${query};`;
  const count = `(LENGTH(@unleak_numbers) - LENGTH(REPLACE(@unleak_numbers, '${item}', ''))) / ${item.length}`;
  return `IF NOT LOCATE(';${id};', @unleak_seen) THEN ${note('g')}
    ELSEIF NOT LOCATE(';${id};', @unleak_same) THEN ${note('c')}
    ELSEIF ${count} <> 1 THEN ${note('n')}
    ELSE BEGIN
      DECLARE EXIT HANDLER FOR 1957 ${note('c')}
      DECLARE EXIT HANDLER FOR 1094 ${note('l')}
      DECLARE EXIT HANDLER FOR SQLEXCEPTION BEGIN
        GET DIAGNOSTICS CONDITION 1 @unleak_errno = MYSQL_ERRNO;
        SET @unleak_results = CONCAT(@unleak_results, '(', @unleak_errno, ')');
      END;
      SET @unleak_at = SYSDATE(6);
      KILL QUERY ID ${query};
      KILL ${inTime(id, '@unleak_at', String(freshForUs))};
      ${note('s')}
    END; END IF;`;
}

/** One result for each session, in order; an error is its number. Null when the answer is none that the block gives. */
export function readBlockResults(text: string): readonly (BlockResult | number)[] | null {
  const parts = text.match(/[a-z]|\(\d+\)/g) ?? [];
  if (parts.join('') !== text) return null;
  const results = parts.map((part) =>
    part in blockResults ? blockResults[part as keyof typeof blockResults] : Number(part.slice(1, -1)),
  );
  return results.some((result) => Number.isNaN(result)) ? null : results;
}
