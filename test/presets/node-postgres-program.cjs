/* A program on pg's Pool: it asks all the time, and has forgotten two clients that it checked out. */
const { Pool } = require('pg');

const pool = new Pool({ max: 5, idleTimeoutMillis: 1_000 });
pool.on('error', () => undefined);
if (process.env.LISTENS) pool.on('connect', (client) => client.on('error', () => undefined));
let [answered, failed] = [0, 0];

async function work() {
  for (;;) {
    await pool.query('select 1').then(
      () => (answered += 1),
      () => (failed += 1),
    );
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function leak() {
  const client = await pool.connect();
  await client.query('select 2');
}

Promise.all([leak(), leak()]).then(() => {
  console.log('ready');
  void work();
  void work();
  process.stdin.on('data', () => console.log(JSON.stringify({ answered, failed })));
});
