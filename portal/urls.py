"""All addresses."""

from django.urls import include, path

from notifier.views.dashboard import Dashboard
from portal import docs, health, views

urlpatterns = [
    path("", Dashboard.as_view(worker_is_alive=health.worker_is_alive), name="dashboard"),
    path("", include("notifier.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("theme/", views.set_theme, name="set_theme"),
    path("help/", views.help_page, name="help"),
    path("design/", views.design, name="design"),
    path("", include("portal.accounts.urls")),
    path("accounts/", include("portal.accounts.sign_in_urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("api/schema/", docs.Description.as_view(), name="schema"),
    path("api/docs/", docs.DocsPage.as_view(), name="api-docs"),
    path("api/v1/", include("portal.accounts.api_urls")),
    path("api/v1/", include("notifier.api.urls")),
]

handler400 = "portal.problems.bad_request"
handler403 = "portal.problems.permission_denied"
handler404 = "portal.problems.not_found"
handler500 = "portal.problems.server_error"
