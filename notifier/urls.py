"""Pages of the notifier."""

from django.urls import path

from notifier.views import (
    deliveries,
    hooks,
    messages,
    outbox,
    recipients,
    rules,
    sources,
    teams,
)

app_name = "notifier"

SET_UP = [
    path("sources/", sources.SourceList.as_view(), name="sources"),
    path("sources/new", sources.SourceNew.as_view(), name="source-new"),
    path("sources/<int:pk>/", sources.SourcePage.as_view(), name="source"),
    path("sources/<int:pk>/state", sources.SourceState.as_view(), name="source-state"),
    path("sources/<int:pk>/secret", sources.SourceSecret.as_view(), name="source-secret"),
    path("sources/<int:pk>/edit", sources.SourceEdit.as_view(), name="source-edit"),
    path("sources/<int:pk>/rotate", sources.SourceRotate.as_view(), name="source-rotate"),
    path("sources/<int:pk>/switch", sources.SourceSwitch.as_view(), name="source-switch"),
    path("sources/<int:pk>/delete", sources.SourceDelete.as_view(), name="source-delete"),
    path("recipients/", recipients.RecipientList.as_view(), name="recipients"),
    path("recipients/new", recipients.RecipientNew.as_view(), name="recipient-new"),
    path("recipients/<int:pk>/", recipients.RecipientPage.as_view(), name="recipient"),
    path("recipients/<int:pk>/edit", recipients.RecipientEdit.as_view(), name="recipient-edit"),
    path("recipients/<int:pk>/test", recipients.RecipientTest.as_view(), name="recipient-test"),
    path(
        "recipients/<int:pk>/switch", recipients.RecipientSwitch.as_view(), name="recipient-switch"
    ),
    path(
        "recipients/<int:pk>/delete", recipients.RecipientDelete.as_view(), name="recipient-delete"
    ),
    path("teams/", teams.TeamList.as_view(), name="teams"),
    path("teams/new", teams.TeamNew.as_view(), name="team-new"),
    path("teams/<int:pk>/", teams.TeamPage.as_view(), name="team"),
    path("teams/<int:pk>/edit", teams.TeamEdit.as_view(), name="team-edit"),
    path("teams/<int:pk>/delete", teams.TeamDelete.as_view(), name="team-delete"),
    path("rules/", rules.RuleList.as_view(), name="rules"),
    path("rules/new", rules.RuleNew.as_view(), name="rule-new"),
    path("rules/start", rules.RuleStart.as_view(), name="rules-start"),
    path("rules/<int:pk>/", rules.RulePage.as_view(), name="rule"),
    path("rules/<int:pk>/edit", rules.RuleEdit.as_view(), name="rule-edit"),
    path("rules/<int:pk>/switch", rules.RuleSwitch.as_view(), name="rule-switch"),
    path("rules/<int:pk>/delete", rules.RuleDelete.as_view(), name="rule-delete"),
]

HISTORY = [
    path("deliveries/", deliveries.DeliveryList.as_view(), name="deliveries"),
    path("deliveries/<uuid:pk>/", deliveries.DeliveryPage.as_view(), name="delivery"),
    path(
        "deliveries/<uuid:pk>/replay", deliveries.DeliveryReplay.as_view(), name="delivery-replay"
    ),
    path("messages/", messages.MessageList.as_view(), name="messages"),
    path("messages/<uuid:pk>/", messages.MessagePage.as_view(), name="message"),
    path("messages/<uuid:pk>/retry", messages.MessageRetry.as_view(), name="message-retry"),
    path(
        "messages/<uuid:pk>/send-anyway",
        messages.MessageRetry.as_view(despite_doubt=True),
        name="message-send-anyway",
    ),
    path("outbox/", outbox.Outbox.as_view(), name="outbox"),
]

urlpatterns = [
    path("hooks/<slug:slug>", hooks.receive_hook, name="hook"),
    *SET_UP,
    *HISTORY,
]
