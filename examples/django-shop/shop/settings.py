"""A shop as many are: persistent connections, one database, a Celery worker beside the web processes."""

import os
from urllib.parse import urlsplit

DEBUG = False
SECRET_KEY = os.environ.get("SHOP_SECRET_KEY", "only-for-this-example")
ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
INSTALLED_APPS = ["shop"]
MIDDLEWARE = []
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# postgres://user:password@host:port/name or mysql://…; every program has its own, so that sessions say whose they are.
_url = urlsplit(os.environ["SHOP_DATABASE_URL"])
_is_postgres = _url.scheme == "postgres"

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql" if _is_postgres else "django.db.backends.mysql",
        "HOST": _url.hostname,
        "PORT": _url.port,
        "USER": _url.username,
        "PASSWORD": _url.password,
        "NAME": _url.path.lstrip("/"),
        "CONN_MAX_AGE": int(os.environ.get("SHOP_CONN_MAX_AGE", "300")),
        # mysqlclient has no such option: there, each program logs in as a user of its own.
        "OPTIONS": {"application_name": os.environ.get("SHOP_PROGRAM", "shop-web")} if _is_postgres else {},
    }
}

# No broker to install: messages are files. A real shop has Redis, RabbitMQ or SQS here.
_queue = os.environ.get("SHOP_QUEUE_FOLDER", "/tmp/django-shop-queue")
CELERY_BROKER_URL = "filesystem://"
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "data_folder_in": _queue,
    "data_folder_out": _queue,
    "store_processed": False,
}
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_TIME_LIMIT = int(os.environ.get("SHOP_TASK_TIME_LIMIT", "600"))
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
