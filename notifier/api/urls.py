"""REST of the notifier."""

from rest_framework.routers import SimpleRouter

from notifier.api.deliveries import DeliveryViewSet
from notifier.api.messages import MessageViewSet
from notifier.api.people import RecipientViewSet, TeamViewSet
from notifier.api.rules import RuleViewSet
from notifier.api.sources import SourceViewSet

router = SimpleRouter(trailing_slash=False)
router.register("sources", SourceViewSet)
router.register("recipients", RecipientViewSet)
router.register("teams", TeamViewSet)
router.register("rules", RuleViewSet)
router.register("deliveries", DeliveryViewSet)
router.register("messages", MessageViewSet)

app_name = "notifier-api"
urlpatterns = router.urls
