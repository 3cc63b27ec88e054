"""django-shop: an example that leaks database sessions on demand."""

from shop.worker import app as celery_app

__all__ = ["celery_app"]
