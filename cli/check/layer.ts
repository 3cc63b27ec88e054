/** The layers in the order in which a sweep passes them; public names. */
export const layerNames = [
  'secret',
  'dns',
  'tcp',
  'tls',
  'login',
  'see',
  'end',
  'slots',
  'lock',
  'protections',
] as const;
export type LayerName = (typeof layerNames)[number];

/**
 * What was found of one layer: `ok`, `warning` (a sweep works, but somebody should know), `failed` (it would not), or
 * `skipped`, since a layer below it failed.
 */
export interface Layer {
  readonly layer: LayerName;
  readonly status: 'ok' | 'warning' | 'failed' | 'skipped';
  readonly says: string;
  /** What mends it, often SQL; null where there is nothing to mend. */
  readonly fix: string | null;
}

/** A layer that is as it should be. */
export function ok(layer: LayerName, says: string): Layer {
  return { layer, status: 'ok', says, fix: null };
}

/** A layer that works, with something that somebody should know. */
export function warn(layer: LayerName, says: string, fix: string | null = null): Layer {
  return { layer, status: 'warning', says, fix };
}

/** A broken layer. */
export function fail(layer: LayerName, says: string, fix: string | null = null): Layer {
  return { layer, status: 'failed', says, fix };
}
