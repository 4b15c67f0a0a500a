"""The description of the REST API and its page, without anything from elsewhere."""

from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.request import Request

from portal.accounts.access import ANY_TOKEN


class Description(SpectacularAPIView):
    """OpenAPI as YAML, or as JSON for who asks for it: for everybody who is signed in."""

    scope = ANY_TOKEN

    def _get_version_parameter(self, request: Request) -> None:
        """There is one: what a client calls it would end up in a header of the answer."""


class DocsPage(SpectacularSwaggerSplitView):
    """A page to read the description and to try it out."""

    # A page like others: the middleware asks for a sign-in and leads there.
    permission_classes = []
    throttle_classes = []
    url_name = "schema"
