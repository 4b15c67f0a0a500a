"""Pages of the notifier."""

from django.urls import path

from notifier.views import hooks

app_name = "notifier"
urlpatterns = [
    path("hooks/<slug:slug>", hooks.receive_hook, name="hook"),
]
