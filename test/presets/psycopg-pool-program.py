"""A program on psycopg_pool, as Django 5.1 uses it: one connection is forgotten in a transaction, one idle.

Each line on standard input is a number of requests; it answers with how many of them failed.
"""

import sys

from psycopg_pool import ConnectionPool

pool = ConnectionPool(
    "", min_size=4, max_size=8, max_lifetime=1, max_idle=60, kwargs={"autocommit": True}
)
pool.wait()
forgotten = [pool.getconn(), pool.getconn()]
forgotten[0].execute("begin")
for connection in forgotten:
    connection.execute("select 1")
print("ready", flush=True)

for line in sys.stdin:
    failed = 0
    for _ in range(int(line)):
        try:
            with pool.connection(timeout=5) as connection:
                connection.execute("select 1")
        except Exception:
            failed += 1
    print(failed, flush=True)
