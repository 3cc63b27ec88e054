"""Import this once, beside the Celery app: each statement of a task then says which task it is of."""

from celery import current_task
from django.db.backends.signals import connection_created


def tag(execute, sql, params, many, context):
    task = f"/*task='{current_task.name}'*/ " if current_task else ""
    return execute(task + sql, params, many, context)


def carry_task(sender, connection, **kwargs):
    if tag not in connection.execute_wrappers:
        connection.execute_wrappers.append(tag)


connection_created.connect(carry_task)
