const dangerous = /[\u007f\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/** JSON that is harmless on a terminal too: what JSON leaves bare (C1 controls, changes of direction, …) is written as \uXXXX. */
export function toJson(value: unknown, indent = 2): string {
  return JSON.stringify(value, null, indent).replace(dangerous, (character) =>
    character === '\n' ? character : escape(character),
  );
}

function escape(character: string): string {
  return Array.from(
    { length: character.length },
    (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
  ).join('');
}
