"""Which logins are machines."""

import pytest

from notifier.domain.actors import is_bot_login


@pytest.mark.parametrize(
    "login",
    ["renovate[bot]", "jenkins-x-bot", "Bot", "my_bot", "project_42_bot_0a1b2c", "gitea-actions"],
)
def test_machines_are_known_by_their_login(login: str) -> None:
    assert is_bot_login(login)


@pytest.mark.parametrize("login", ["", "mira-k", "abbot", "bottle", "botanist", "robot9"])
def test_people_are_not_taken_for_machines(login: str) -> None:
    assert not is_bot_login(login)
