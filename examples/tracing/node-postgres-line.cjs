/* carryLine(pool, 'shop'): each client carries the line that took it from the pool. pool.query gives its client back by itself. */
const { relative } = require('node:path');

function ownLine() {
  const frames = (new Error().stack ?? '').split('\n').slice(1);
  const own = frames.find(
    (frame) => !/node_modules|node:/.test(frame) && !frame.includes('node-postgres-line'),
  );
  const [, path = '?', line = '0'] = /\(?((?:\/|[A-Z]:)[^():]*):(\d+):\d+\)?$/.exec(own ?? '') ?? [];
  return `${relative(process.cwd(), path).slice(-40)}:${line}`;
}

exports.carryLine = function carryLine(pool, program) {
  const connect = pool.connect.bind(pool);
  pool.connect = async (callback) => {
    if (callback) return connect(callback);
    const name = `${program} ${ownLine()}`;
    const client = await connect();
    await client.query("SELECT set_config('application_name', $1, false)", [name]);
    return client;
  };
};
