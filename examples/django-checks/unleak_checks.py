"""Checks of DATABASES for `manage.py check --tag unleak`: what is dangerous, and what preset to write.

Put this file beside settings.py and import it in the ready() of an AppConfig. It connects to nothing.
"""

from django.conf import settings
from django.core.checks import Info, Warning, register


def is_asgi():
    return bool(getattr(settings, "ASGI_APPLICATION", None))


def is_only_asgi():
    return is_asgi() and not getattr(settings, "WSGI_APPLICATION", None)


def seconds(age):
    return "none" if age is None else f"{int(age)}s"


def preset_of(database):
    """The entry for `rules` of unleak.yaml that fits these settings."""
    options = database.get("OPTIONS") or {}
    pool = options.get("pool")
    parts = ["preset: django"]
    if pool:
        sizes = pool if isinstance(pool, dict) else {}
        names = [("min_size", "minSize", str), ("max_idle", "maxIdle", seconds), ("max_lifetime", "maxLifetime", seconds)]
        inner = ", ".join(f"{ours}: {write(sizes[theirs])}" for theirs, ours, write in names if theirs in sizes)
        parts.append("pool: { " + inner + " }" if inner else "pool: {}")
    elif "geventpool" in database["ENGINE"]:
        parts.append("pool: { maxLifetime: none }")
    else:
        parts.append(f"connMaxAge: {seconds(database.get('CONN_MAX_AGE', 0))}")
    if database.get("CONN_HEALTH_CHECKS"):
        parts.append("healthChecks: true")
    if is_only_asgi():
        parts.append("server: asgi")
    name = options.get("application_name") or options.get("program_name")
    who = f"application: {name}" if name else f"user: {database.get('USER') or 'shop'}"
    return "{ " + ", ".join(parts) + ", match: { " + who + " } }"


def check_database(alias, database):
    age, options = database.get("CONN_MAX_AGE", 0), database.get("OPTIONS") or {}
    keeps = age is None or age > 0
    if keeps and is_asgi():
        yield Warning(f"{alias}: CONN_MAX_AGE leaks where ASGI serves: no later request finds its connection.", id="unleak.W001",
                      hint="Set CONN_MAX_AGE = 0, or use OPTIONS = {'pool': True} (Django 5.1).")
    if keeps and (options.get("pool") or "geventpool" in database["ENGINE"]):
        yield Warning(f"{alias}: a pool needs CONN_MAX_AGE = 0.", id="unleak.W002", hint="Set CONN_MAX_AGE = 0.")
    if age is None and not database.get("CONN_HEALTH_CHECKS"):
        yield Warning(f"{alias}: CONN_MAX_AGE = None keeps connections for good, so no idle one is ever safe to end.",
                      id="unleak.W003", hint="Set a number of seconds, or CONN_HEALTH_CHECKS = True (Django 4.1).")
    if options.get("pool") and not database.get("CONN_HEALTH_CHECKS"):
        yield Warning(f"{alias}: the pool hands out connections that the server has ended.", id="unleak.W004",
                      hint="Set CONN_HEALTH_CHECKS = True, which needs psycopg_pool 3.2.")
    if getattr(settings, "CELERY_DB_REUSE_MAX", None):
        yield Warning("CELERY_DB_REUSE_MAX keeps connections of workers at any age.", id="unleak.W005",
                      hint="Remove it, or write connMaxAge: none for the workers.")
    if "postgresql" in database["ENGINE"] and not options.get("application_name"):
        yield Warning(f"{alias}: sessions do not say which program opened them.", id="unleak.W006",
                      hint="OPTIONS = {'application_name': os.environ.get('PROGRAM', 'shop-web')}")
    yield Info(f"{alias}: for unleak.yaml: - {preset_of(database)}", id="unleak.I001")


@register("unleak")
def check_databases(app_configs=None, **kwargs):
    supported = ("postgresql", "mysql", "postgis", "geventpool")
    return [
        message
        for alias, database in settings.DATABASES.items()
        if any(word in database.get("ENGINE", "") for word in supported)
        for message in check_database(alias, database)
    ]
