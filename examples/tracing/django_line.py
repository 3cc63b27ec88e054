"""Import this once, in the ready() of an AppConfig: each connection then carries the line that opened it."""

import sys

from django.conf import settings
from django.db.backends.signals import connection_created

ROOT = str(settings.BASE_DIR)


def own_line():
    """The innermost line of the project's own code that is at work: `reports.py:8`."""
    frame = sys._getframe(1)
    while frame:
        name = frame.f_code.co_filename
        if name.startswith(ROOT) and "-packages" not in name and name != __file__:
            return f"{name[len(ROOT):].lstrip('/')[-40:]}:{frame.f_lineno}"
        frame = frame.f_back
    return "?"


def tag(execute, sql, params, many, context):
    return execute(f"/*line='{own_line()}'*/ {sql}", params, many, context)


def carry_line(sender, connection, **kwargs):
    if connection.vendor == "postgresql":
        program = connection.settings_dict["OPTIONS"].get("application_name", "django")
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('application_name', %s, false)", [f"{program} {own_line()}"])
    elif tag not in connection.execute_wrappers:
        connection.execute_wrappers.append(tag)  # MySQL takes a name only as it connects


connection_created.connect(carry_line)
