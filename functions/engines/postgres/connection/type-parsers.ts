type Parse = (text: string) => unknown;

/** More objects, lists and values than 20,000 sessions have; JSON of a few bytes each takes much more memory than text. */
const mostValues = 4_000_000;

const number: Parse = Number;
/** By the type's number, as it is in every server: https://github.com/postgres/postgres/blob/master/src/include/catalog/pg_type.dat */
const parsers: Readonly<Record<number, Parse>> = {
  16: (text) => text === 't', // boolean
  21: number, // int2
  23: number, // int4
  700: number, // float4
  701: number, // float8
  114: parseJson,
};
const asText: Parse = (text) => text;

/** How the driver reads values: what our statements ask for, and everything else as text, so that a server chooses no other parser. */
export const typeParsers = { getTypeParser: (type: number): Parse => parsers[type] ?? asText };

function parseJson(text: string): unknown {
  if (countValues(text) > mostValues) throw new RangeError('JSON of too many values');
  return JSON.parse(text);
}

const [quote, backslash] = ['"', '\\'].map((each) => each.charCodeAt(0));
const begins: ReadonlySet<number> = new Set(['[', '{', ','].map((each) => each.charCodeAt(0)));

/** At least as many as there are lists, objects and values in them. */
function countValues(json: string): number {
  let count = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === quote) isText = !isText;
    else if (isText) at += code === backslash ? 1 : 0;
    else if (begins.has(code)) count += 1;
  }
  return count;
}
