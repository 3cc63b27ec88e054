"""The worker's tasks: one healthy, one for each leak."""

from celery import shared_task

from shop.leaks import LEAKS
from shop.models import Article


@shared_task
def count_articles():
    """Healthy: Celery's Django support closes the connection once it is older than CONN_MAX_AGE."""
    return Article.objects.count()


@shared_task
def leak(way):
    LEAKS[way]()
