from django.urls import path

from shop import views

urlpatterns = [
    path("articles/", views.articles),
    path("leak/<str:way>/", views.leak),
    path("task/count/", views.send, {"task": "count_articles"}),
    path("task/leak/<str:way>/", views.send, {"task": "leak"}),
]
