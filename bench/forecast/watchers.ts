import { type Episode, followEpisodes, toLeakSpans } from '../../functions/core/history/growth/episode.ts';
import { toFloor } from '../../functions/core/history/growth/floor.ts';
import { type Growth, judgeGrowth } from '../../functions/core/history/growth/growth.ts';
import { theilSen } from '../../functions/core/history/growth/robust.ts';
import type { Signal } from '../../functions/core/history/growth/signal.ts';
import { hourMs } from '../../functions/core/history/hour.ts';
import type { Watch } from './watch.ts';

/** Asked at every sweep, in order: whether it raises an alarm. */
export type Watcher = (watch: Watch, nowMs: number) => Partial<Growth> | null;

/** Everybody who watches the same series, beginning anew each time. */
export const watchers: Readonly<Record<'forecast' | 'threshold' | 'theilSen', () => Watcher>> = {
  forecast: watchForecast,
  threshold: () => (watch, nowMs) => {
    const { used, max } = watch.at(nowMs);
    return used >= 0.8 * max ? {} : null;
  },
  theilSen: () => (watch, nowMs) => judgeSlope(watch.at(nowMs), nowMs),
};

/** The forecast as a sweep uses it: with what it remembers of growth that it has seen. */
function watchForecast(): Watcher {
  let episodes: readonly Episode[] = [];
  return (watch, nowMs) => {
    const signal = watch.at(nowMs, toLeakSpans(episodes, nowMs));
    const growth = judgeGrowth(signal, nowMs);
    episodes = followEpisodes(episodes, growth, signal.used, nowMs);
    return growth;
  };
}

/** A straight line through the hourly floor of the last six hours that is full within six hours, and rose by a tenth. */
function judgeSlope(signal: Signal, nowMs: number): Partial<Growth> | null {
  const floor = toFloor(signal);
  const agos = Array.from({ length: 12 }, (_each, at) => 5.5 - at / 2);
  const ys = agos.flatMap((ago) => floor(nowMs - ago * hourMs) ?? []);
  if (ys.length < agos.length) return null;
  const { slope, intercept } = theilSen(
    agos.map((ago) => -ago),
    ys,
  );
  const isRising = slope * 6 >= 0.1 * signal.max && slope > 0;
  return isRising && (signal.max - intercept) / slope <= 96 ? {} : null;
}
