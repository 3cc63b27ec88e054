"""Django that leaks three connections, each opened in a thread by the same line of its own code; then it measures.

Each line on standard input is answered with the milliseconds that a connection takes to open, with the example and without.
"""

import os
import sys
import threading
import time

import django
from django.conf import settings

sys.path.insert(0, os.environ["EXAMPLES"])
settings.configure(
    BASE_DIR=os.path.dirname(os.path.abspath(__file__)),
    DATABASES={
        "default": {
            "ENGINE": os.environ["ENGINE"],
            "HOST": os.environ["PGHOST"],
            "PORT": os.environ["PGPORT"],
            "NAME": os.environ["PGDATABASE"],
            "USER": os.environ["PGUSER"],
            "PASSWORD": os.environ["PGPASSWORD"],
            "OPTIONS": {"application_name": "shop"},
        }
    },
)
django.setup()

from django.db import connection  # noqa: E402
from django.db.backends.signals import connection_created  # noqa: E402
import django_line  # noqa: E402


def leak():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    threading.Event().wait()


def measure():
    started = time.perf_counter()
    for _ in range(50):
        connection.close()
        connection.ensure_connection()
    connection.close()
    return (time.perf_counter() - started) * 20


for _ in range(3):
    threading.Thread(target=leak, daemon=True).start()
print("ready", flush=True)

for line in sys.stdin:
    with_line = measure()
    connection_created.disconnect(django_line.carry_line)
    print(f"{with_line:.2f} {measure():.2f}", flush=True)
