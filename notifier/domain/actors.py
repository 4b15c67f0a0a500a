"""Who is a machine, as far as a login tells."""

import re

# renovate[bot], jenkins-x-bot, project_42_bot_0123abcd, gitea-actions
BOT = re.compile(r"(^|.*[-_.])bot(_[0-9a-f]+)?|.*\[bot\]|(gitea|forgejo)-actions", re.IGNORECASE)


def is_bot_login(login: str) -> bool:
    """Return whether `login` follows one of the conventions for machine accounts."""
    return BOT.fullmatch(login) is not None
