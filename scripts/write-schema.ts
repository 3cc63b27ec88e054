import { writeFile } from 'node:fs/promises';
import { configurationJsonSchema } from '../functions/contract/json-schema.ts';

/** Writes the JSON Schema of unleak.yaml, which gives editors completion and hover texts. */
await writeFile('docs/unleak.schema.json', `${JSON.stringify(configurationJsonSchema(), null, 2)}\n`);
