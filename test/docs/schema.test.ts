import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { configurationJsonSchema } from '../../functions/contract/json-schema.ts';
import { readConfiguration } from '../../functions/contract/read-configuration.ts';

test('the JSON Schema for editors is the one that the contract gives; `npm run schema` writes it', async () => {
  const written: unknown = JSON.parse(await readFile('docs/unleak.schema.json', 'utf8'));
  expect(written).toEqual(configurationJsonSchema());
});

test('the example unleak.yaml validates', async () => {
  expect(readConfiguration(await readFile('unleak.yaml', 'utf8'))).toMatchObject({ ok: true });
});
