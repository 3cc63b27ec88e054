import { inject } from 'vitest';
import { describeEngine } from './contract-suite.ts';
import { createMysqlAdapter } from './mysql/adapter.ts';

for (const server of inject('servers'))
  if (server.kind !== 'postgres') describeEngine(createMysqlAdapter(server));
