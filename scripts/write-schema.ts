import { writeFile } from 'node:fs/promises';
import { configurationJsonSchema, snapshotJsonSchema } from '../functions/contract/json-schema.ts';

/** Writes the JSON Schemas of unleak.yaml and of snapshot files, which give editors completion and hover texts. */
for (const [name, schema] of [
  ['unleak', configurationJsonSchema()],
  ['snapshot', snapshotJsonSchema()],
] as const)
  await writeFile(`docs/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
