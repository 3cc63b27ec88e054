import type { Explained } from '../../functions/core/history/explain-end.ts';
import type { OtherCauses } from '../../functions/core/history/other-causes.ts';
import type { Span } from '../store/read-records.ts';

/** What a command found out about a span of time of one target. */
export interface Answer {
  readonly target: string;
  readonly where: string;
  readonly span: Span;
  /** How many recorded sweeps were read. */
  readonly sweeps: number;
  readonly damaged: readonly string[];
  readonly explained: Explained;
  readonly causes: OtherCauses;
}
