/* A program on pg's Pool that has forgotten three clients, each taken by the same line; then it answers queries. */
const { Pool } = require('pg');
const { carryLine } = require('../../examples/tracing/node-postgres-line.cjs');

const pool = new Pool({ max: 5 });
carryLine(pool, 'shop');

async function leak() {
  const client = await pool.connect();
  await client.query('select 2');
}

Promise.all([leak(), leak(), leak()]).then(() => {
  console.log('ready');
  process.stdin.on('data', async () => console.log((await pool.query('select 1')).rowCount));
});
