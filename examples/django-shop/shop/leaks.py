"""Every way in which this shop leaks, each as it is met in real code. docs/findings.md shows what is right instead."""

import threading

from django.db import connection

# A background thread that went on living: its Django connection is its own, and no request ends in it.
_idle_for_good = threading.Event()
_forgotten = []


def _query(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


def _work_and_stay(sql, begin=""):
    if begin:
        with connection.cursor() as cursor:
            cursor.execute(begin)
    _query(sql)
    _idle_for_good.wait()


def leak_thread():
    """A thread uses the ORM's connection and lives on. Right: connection.close() in a finally."""
    threading.Thread(target=_work_and_stay, args=["SELECT count(*) FROM shop_article"], daemon=True).start()


def leak_raw_connection():
    """A connection of the driver's own, kept in a list. Right: `with closing(connect(…)) as raw:`."""
    raw = connection.get_new_connection(connection.get_connection_params())
    cursor = raw.cursor()
    cursor.execute("SELECT max(id) FROM shop_article")
    cursor.fetchall()
    raw.commit()
    _forgotten.append(raw)


def leak_transaction():
    """BEGIN by hand in a thread, and no COMMIT. Right: `with transaction.atomic():`."""
    work = ["SELECT stock FROM shop_article WHERE id = 1 FOR UPDATE", "BEGIN"]
    threading.Thread(target=_work_and_stay, args=work, daemon=True).start()


LEAKS = {"thread": leak_thread, "raw": leak_raw_connection, "transaction": leak_transaction}
