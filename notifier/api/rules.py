"""Rules: which events go to whom."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import serializers

from notifier.api.resources import CONFLICT, Resource, changed
from notifier.api.strict import Ids, StrictModelSerializer, Text
from notifier.filters import KINDS, OUTCOMES
from notifier.models import Recipient, Rule, Source, Team
from notifier.models.validators import (
    MAX_ENTRIES,
    MAX_LENGTH,
    validate_globs,
    validate_kinds,
    validate_outcomes,
)

GLOBS = "`*` stands for anything, `?` for one character, `!` in front takes out. Empty: any."


def condition(
    help_text: str, validate: Callable[[Any], None] = validate_globs, choices: Any = None
) -> serializers.ListField:
    """Return the field of one condition: a list, of which one entry must fit."""
    child = serializers.ChoiceField(choices=choices) if choices else Text(max_length=MAX_LENGTH)
    return serializers.ListField(
        child=child,
        max_length=MAX_ENTRIES,
        required=False,
        validators=[validate],
        help_text=help_text,
    )


class RuleSerializer(StrictModelSerializer):
    """Which events go to which recipients and teams. An empty condition means any."""

    sources = Ids(model=Source, help_text="Only events of these sources. Empty: any.")
    repositories = condition(f"Full names such as `octo-org/*`. {GLOBS}")
    branches = condition(
        f"Such as `main` or `release/*`; `@default` is the default branch, a tag is `tag:v1`. "
        f"{GLOBS}"
    )
    kinds = condition("What happened. Empty: any.", validate_kinds, KINDS)
    outcomes = condition("How it ended. Empty: any.", validate_outcomes, OUTCOMES)
    workflows = condition(f"Names of workflows or pipelines. {GLOBS}")
    environments = condition(f"Where it was deployed to. {GLOBS}")
    actors_in = condition(f"Only events that these caused. {GLOBS}")
    actors_out = condition(f"No events that these caused. {GLOBS}")
    recipients = Ids(model=Recipient, help_text="Who is told.")
    teams = Ids(model=Team, help_text="Whose members are told.")

    class Meta:
        model = Rule
        fields = (
            "id",
            "name",
            "is_active",
            "sources",
            "repositories",
            "branches",
            "kinds",
            "outcomes",
            "workflows",
            "environments",
            "actors_in",
            "actors_out",
            "include_bots",
            "recipients",
            "teams",
            "tell_actor",
            "skip_own_events",
            "max_parts",
            "created_at",
            "updated_at",
        )
        read_only_fields = ("id", "created_at", "updated_at")
        extra_kwargs = {
            "name": {"help_text": "What people call it."},
            "is_active": {"help_text": "Whether it is asked at all."},
            "include_bots": {"help_text": "Whether events that a machine caused count too."},
            "tell_actor": {"help_text": "Tell the person who caused it too, by their Git login."},
            "skip_own_events": {"help_text": "Do not tell the person who caused it."},
            "max_parts": {"help_text": "Longest message, in SMS."},
        }


EXAMPLE = OpenApiExample(
    "Somebody must know when the default branch fails",
    value={
        "name": "Main is red",
        "branches": ["@default"],
        "kinds": ["pipeline"],
        "outcomes": ["failed", "fixed"],
        "teams": [1],
    },
    request_only=True,
)


@extend_schema_view(
    list=extend_schema(summary="List rules"),
    retrieve=extend_schema(summary="Show a rule"),
    create=extend_schema(
        summary="Create a rule", responses={201: RuleSerializer, 409: CONFLICT}, examples=[EXAMPLE]
    ),
    update=extend_schema(summary="Replace a rule", responses=changed(RuleSerializer)),
    partial_update=extend_schema(summary="Change a rule", responses=changed(RuleSerializer)),
    destroy=extend_schema(summary="Delete a rule", description="Its messages stay."),
)
class RuleViewSet(Resource):
    """Which events go to whom."""

    queryset = Rule.objects.prefetch_related("sources", "recipients", "teams")
    serializer_class = RuleSerializer
