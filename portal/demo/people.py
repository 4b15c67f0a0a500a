"""Who and what the demo sets up. All names are made up; the numbers are reserved for fiction."""

from typing import Any

SOURCES: tuple[dict[str, Any], ...] = (
    {"name": "Lighthouse at GitHub", "slug": "demo-github", "provider": "github"},
    {
        "name": "Harbour at GitLab",
        "slug": "demo-gitlab",
        "provider": "gitlab",
        "config": {"mode": "signing"},
    },
    {"name": "Crew at Gitea", "slug": "demo-gitea", "provider": "gitea"},
    {"name": "Ferry at Bitbucket", "slug": "demo-bitbucket", "provider": "bitbucket"},
    {
        "name": "Night watch",
        "slug": "demo-night-watch",
        "provider": "generic",
        "config": {
            "kinds": "backup_finished=pipeline",
            "outcome": "result.state",
            "repository": "system",
            "branch": "=main",
            "workflow": "job.name",
            "title": "result.summary",
            "actor": "job.started_by",
            "url": "job.link",
            "run_id": "job.id",
            "order": "job.finished",
        },
    },
)

# +1 555 01xx, +49 176 040690xx and +61 491 570 xxx are kept for films and books.
RECIPIENTS: tuple[dict[str, Any], ...] = (
    {
        "name": "Ada Lindqvist",
        "phone": "+12025550123",
        "language": "en",
        "time_zone": "America/New_York",
        "logins": ["ada-l"],
    },
    {
        "name": "Ben Okafor",
        "phone": "+4917604069010",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "logins": ["ben-okafor", "bokafor"],
    },
    {
        "name": "Cleo Marsh",
        "phone": "+61491570156",
        "language": "en",
        "time_zone": "Australia/Sydney",
        "logins": ["cleo"],
    },
    {
        "name": "Dana Weiss",
        "phone": "+4917604069027",
        "language": "de",
        "time_zone": "Europe/Berlin",
        "logins": [],
    },
    {
        "name": "Emil Novak",
        "phone": "+12025550147",
        "language": "en",
        "time_zone": "Europe/Prague",
        "logins": ["emil"],
        "is_active": False,
    },
)

# Members, recipients, teams and sources stand here by name (a source by slug), not by id.
TEAMS: tuple[dict[str, Any], ...] = (
    {"name": "On call", "members": ["Ada Lindqvist", "Ben Okafor"]},
    {"name": "Release crew", "members": ["Cleo Marsh", "Dana Weiss"]},
)

RULES: tuple[dict[str, Any], ...] = (
    {
        "name": "The default branch is red or fixed",
        "kinds": ["pipeline"],
        "outcomes": ["failed", "fixed"],
        "branches": ["@default"],
        "include_bots": True,
        "teams": ["On call"],
    },
    {
        "name": "Production does not deploy",
        "kinds": ["deployment"],
        "outcomes": ["failed", "fixed"],
        "environments": ["production"],
        "teams": ["Release crew"],
        "recipients": ["Ada Lindqvist"],
    },
    {
        "name": "Whoever breaks it hears of it",
        "kinds": ["pipeline"],
        "outcomes": ["failed"],
        "tell_actor": True,
    },
    {"name": "A release is out", "kinds": ["release"], "recipients": ["Dana Weiss"]},
    {
        "name": "The backup failed",
        "sources": ["demo-night-watch"],
        "outcomes": ["failed"],
        "recipients": ["Ben Okafor", "Emil Novak"],
    },
)
