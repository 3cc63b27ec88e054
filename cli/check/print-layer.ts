import { cleanText } from '../../functions/core/text/clean-text.ts';
import type { Screen } from '../terminal/screen.ts';
import { wrap } from '../terminal/wrap.ts';
import type { Layer } from './layer.ts';

/** A statement that grants what is missing must stay whole. */
const longest = 4_000;

/** One layer: a tick or the reason, and what mends it, unbroken so that it can be copied. */
export function printLayer(screen: Screen, { layer, status, says, fix }: Layer): void {
  const [first = '', ...rest] = says
    .split('\n')
    .flatMap((line) => wrap(cleanText(line, longest), screen.columns - 18));
  screen.print(`  ${toMark(screen, status)} ${layer.padEnd(12)} ${first}`);
  for (const line of rest) screen.print(`${' '.repeat(17)}${line}`);
  if (fix !== null)
    for (const line of fix.split('; '))
      screen.print(`${' '.repeat(17)}${screen.style.bold(cleanText(line, longest))}`);
}

function toMark({ style }: Screen, status: Layer['status']): string {
  switch (status) {
    case 'ok':
      return style.green('✓');
    case 'warning':
      return style.yellow('!');
    case 'failed':
      return style.red('✗');
    case 'skipped':
      return style.dim('-');
  }
}
