"""All addresses."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView

from portal import health, views

urlpatterns = [
    path("", include("notifier.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("theme/", views.set_theme, name="set_theme"),
    path("help/", views.help_page, name="help"),
    path("design/", views.design, name="design"),
    path("", include("portal.accounts.urls")),
    path("accounts/", include("portal.accounts.sign_in_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/schema/", SpectacularAPIView.as_view(), name="schema"),
]
