import { inject } from 'vitest';
import { describeEngine } from './contract-suite.ts';
import { createPostgresAdapter } from './postgres/adapter.ts';

for (const server of inject('servers'))
  if (server.kind === 'postgres') describeEngine(createPostgresAdapter(server));
