import * as z from 'zod';
import { configurationSchema } from './configuration.ts';
import { eventSchema } from './event.ts';
import { policySchema } from './policy.ts';
import { snapshotFileSchema } from './snapshot-file.ts';

/** JSON Schema (draft 7, which editors know best) of what `schema` accepts, as people write it. */
export function toJsonSchema(schema: z.ZodType): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}

/** What a schedule may send the sweep function. */
export function eventJsonSchema(): z.core.JSONSchema.BaseSchema {
  return toJsonSchema(eventSchema);
}

/** A policy as `unleak.yaml` holds it. */
export function policyJsonSchema(): z.core.JSONSchema.BaseSchema {
  return toJsonSchema(policySchema);
}

/** The whole of unleak.yaml. */
export function configurationJsonSchema(): z.core.JSONSchema.BaseSchema {
  return toJsonSchema(configurationSchema);
}

/** A snapshot file, as `unleak look --save` and people write it. */
export function snapshotJsonSchema(): z.core.JSONSchema.BaseSchema {
  return toJsonSchema(snapshotFileSchema);
}
