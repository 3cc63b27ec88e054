"""The Celery application; its Django support is on, since DJANGO_SETTINGS_MODULE is set before it is made."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")

from celery import Celery  # noqa: E402  (after the setting it reads)

app = Celery("shop")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["shop"])
