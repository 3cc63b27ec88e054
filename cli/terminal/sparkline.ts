const bars = '▁▂▃▄▅▆▇█';

/** A line of bars, one for each column: the largest value in it, against `top`; a space where there is none. */
export function toSparkline(values: readonly (number | null)[], top: number, columns: number): string {
  const width = Math.min(columns, values.length);
  return Array.from({ length: width }, (_each, column) => {
    const from = Math.floor((column * values.length) / width);
    const until = Math.max(from + 1, Math.floor(((column + 1) * values.length) / width));
    const some = values.slice(from, until).filter((value) => value !== null);
    return some.length === 0 ? ' ' : toBar(Math.max(...some), top);
  }).join('');
}

function toBar(value: number, top: number): string {
  const share = top <= 0 ? 0 : Math.min(1, Math.max(0, value / top));
  return bars[Math.min(bars.length - 1, Math.floor(share * bars.length))] ?? '';
}
