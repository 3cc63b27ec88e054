/* What a statement gives a setting, a variable or a password without quotes is a value like any literal. This reads what the
   lexer left: names, quoted names, `?` for literals, and signs. When in doubt, a word is hidden. */

/** A statement without literals, and without the values that stand in it without quotes: `SET app.token = ?`. */
export function hideUnquotedValues(text: string): string {
  return text.replace(statement, hideInStatement);
}

const quotedName = '"(?:[^"]|"")*(?:"|$)|`(?:[^`]|``)*(?:`|$)';
/** Up to the next semicolon that is in no quoted name. */
const statement = new RegExp(`(?:${quotedName}|[^;"\`])+`, 'g');
const token = new RegExp(
  `${quotedName}|@{0,2}[\\w$\\u0080-\\uffff]+(?:[.\\-][\\w$\\u0080-\\uffff]+)*|:=|\\s+|[^]`,
  'g',
);

function hideInStatement(part: string): string {
  return hideSettings(hideSecrets(hideTokens(part)));
}

/** Names that are no names: keys of well-known services, addresses with a login in them, long random words. */
function hideTokens(part: string): string {
  return part
    .replace(/\b[a-z][\w+.-]{0,30}:\/\/[^\s"'`);,]*/gi, '?')
    .replace(new RegExp(quotedName, 'g'), (name) => (looksQuotedByMistake(name) ? '?' : name))
    .replace(/[@\w$.\-\u0080-\uffff]{8,}/g, (word) => (isToken(word) ? '?' : word));
}

/** `"alice@example.com"` was meant as a string. */
function looksQuotedByMistake(name: string): boolean {
  return /@|:\/\/|=|\b(?:password|secret|token|bearer)\b\s*[=: ]/i.test(name) || isToken(name.slice(1, -1));
}

const knownKey =
  /(?:^|[^a-z0-9])(?:[srp]k_(?:live|test)_|whsec_|gh[pousr]_|github_pat_|glpat-|xox[abeoprs]-|ya29\.|AKIA|ASIA|AIza|SG\.|hf_|npm_|pypi-|dop_v1_|shp(?:at|ca|pa|ss)_|sq0|eyJ[\w-]{6,}|AGE-SECRET-KEY|sk-[A-Za-z0-9])/;

function isToken(word: string): boolean {
  if (knownKey.test(word)) return true;
  return word.split(/[.\-@]/).some((piece) => isRandom(piece));
}

/** 32 hexadecimal digits, or 20 and more characters in which upper case, lower case and digits alternate. */
function isRandom(piece: string): boolean {
  if (/^[\da-f]{32,}$/i.test(piece) && /\d/.test(piece)) return true;
  if (piece.length < 20 || !/\d/.test(piece) || !/[a-z]/.test(piece) || !/[A-Z]/.test(piece)) return false;
  const changes = piece.match(/\d(?=[A-Za-z])|[A-Za-z](?=\d)|[a-z](?=[A-Z])/g) ?? [];
  return changes.length >= 5;
}

/** Names after which a value is a secret. */
const secretName =
  /(?:password|passwd|passphrase|pwd|secret|token|api_?key|access_?key|private_?key|credentials?|auth_string)$/i;
/** What follows PASSWORD or a column of such a name in the grammar, and is no secret. */
const grammar = new Set(
  (
    'by with as via for or expire null history reuse require default lock unlock never current optional interval and is not in like ' +
    'ilike between from where select values set to on off discard old replace using retain account valid until login nologin ' +
    'superuser nosuperuser createdb createrole inherit connection limit encrypted text varchar character char bytea blob json ' +
    'jsonb uuid primary unique references check asc desc offset group order having end then else when returning join left ' +
    'right inner random invalidate'
  ).split(' '),
);
const ofAccounts =
  /^\s*(?:create|alter|drop|grant|set|change|start|clone|begin)\b|\bidentified\b|\b(?:master|source)_password\b/i;

/** `PASSWORD hunter2`, `IDENTIFIED BY hunter2`, `MASTER_PASSWORD=hunter2`, `token = abc`. */
function hideSecrets(part: string): string {
  if (!/pass|pwd|secret|token|key|credential|auth|identified/i.test(part)) return part;
  const mayFollow = ofAccounts.test(part);
  const isIdentified = /\bidentified\b/i.test(part);
  let before: 'other' | 'name' | 'sign' = 'other';
  return piecesOf(part)
    .map((piece) => {
      if (/^\s/.test(piece)) return piece;
      const was = before;
      before = nextOf(piece, was, isIdentified);
      if (!isWord(piece) || was === 'other') return piece;
      const word = piece.toLowerCase();
      if (was === 'sign') return /^(?:null|true|false|default|password)$/.test(word) ? piece : '?';
      return !mayFollow || grammar.has(word) ? piece : '?';
    })
    .join('');
}

function nextOf(piece: string, before: 'other' | 'name' | 'sign', isIdentified: boolean) {
  if (before === 'name' && /^(?:=|:=)$/.test(piece)) return 'sign';
  if (isIdentified && /^(?:by|as|using)$/i.test(piece)) return 'sign';
  return secretName.test(piece.replace(/["`]$/, '').slice(-64)) ? 'name' : 'other';
}

function isWord(piece: string): boolean {
  return /^["`@\w$\u0080-\uffff]/.test(piece);
}

function piecesOf(part: string): readonly string[] {
  return part.match(token) ?? [];
}

/** Words that say how a setting stands and nothing else. */
const plainValue = /^(?:default|on|off|true|false|null|none)$/i;

/** Every value after SET: of settings, of variables, of roles and databases. In an UPDATE, SET names columns. */
function hideSettings(part: string): string {
  if (!/\bset\b/i.test(part)) return part;
  if (/\b(?:update|insert|replace|merge)\b/i.test(part) && !/^\s*set\b/i.test(part)) return part;
  const shown: string[] = [];
  let state: State = { at: 'outside' };
  for (const piece of piecesOf(part)) state = readSetting(piece, state, shown);
  return closeName(state, shown).join('');
}

type State =
  | { readonly at: 'outside' }
  /** `from` is where a further value began that may yet be a name: PostgreSQL's lists have no sign. */
  | { readonly at: 'name'; readonly isStatement: boolean; readonly from: number | null }
  | {
      readonly at: 'value';
      readonly isStatement: boolean;
      readonly depth: number;
      readonly isShown: boolean;
    };

function readSetting(piece: string, state: State, shown: string[]): State {
  const word = piece.toLowerCase();
  switch (state.at) {
    case 'outside':
      shown.push(piece);
      return word === 'set' ? { at: 'name', isStatement: false, from: null } : state;
    case 'name':
      shown.push(piece);
      if (piece === '=' || piece === ':=' || word === 'to')
        return { at: 'value', isStatement: state.isStatement, depth: 0, isShown: false };
      if (piece === '(') return { at: 'outside' };
      return word === 'statement' ? { ...state, isStatement: true } : state;
    case 'value':
      return readValue(piece, word, state, shown);
  }
}

function readValue(piece: string, word: string, state: State & { at: 'value' }, shown: string[]): State {
  const { isStatement, depth, isShown } = state;
  if (depth === 0 && piece === ',') {
    shown.push(piece);
    return { at: 'name', isStatement, from: shown.length };
  }
  if (depth === 0 && isStatement && word === 'for') {
    shown.push(' ', piece);
    return { at: 'outside' };
  }
  if (/^\s/.test(piece)) {
    if (!isShown) shown.push(piece);
    return state;
  }
  if (!isShown) shown.push(plainValue.test(piece) ? piece : '?');
  const deeper = piece === '(' ? 1 : piece === ')' ? -1 : 0;
  return { ...state, depth: depth + deeper, isShown: true };
}

function closeName(state: State, shown: readonly string[]): readonly string[] {
  return state.at === 'name' && state.from !== null ? [...shown.slice(0, state.from), ' ?'] : shown;
}
