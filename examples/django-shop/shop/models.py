"""What the shop sells."""

from django.db import models


class Article(models.Model):
    name = models.CharField(max_length=80)
    stock = models.IntegerField(default=1000)
