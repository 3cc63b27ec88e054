"""A page that everybody reads, and pages that leak."""

from django.http import JsonResponse

from shop import tasks
from shop.leaks import LEAKS
from shop.models import Article


def articles(request):
    """Two queries, as an ordinary page has."""
    names = list(Article.objects.values_list("name", flat=True)[:10])
    return JsonResponse({"articles": names, "count": Article.objects.count()})


def leak(request, way):
    """Leaks in the web process."""
    LEAKS[way]()
    return JsonResponse({"leaked": way})


def send(request, task, way=None):
    """Hands a task to the worker."""
    getattr(tasks, task).delay(*([way] if way else []))
    return JsonResponse({"sent": task})
