"""The id of a delivery."""

import pytest

from notifier.domain.identity import first_id


def test_the_first_id_that_is_given_counts() -> None:
    assert first_id(["", " ", " 72d3 ", "other"], "push", b"") == "72d3"


@pytest.mark.parametrize("given", ["x" * 201, "a\x00b", "\ud800"])
def test_an_id_that_cannot_be_stored_becomes_its_digest(given: str) -> None:
    assert first_id([given], "", b"").startswith("sha256:")
    assert first_id([given], "", b"1") == first_id([given], "", b"2")


@pytest.mark.parametrize("given", ["again:72d3", " rejected:signature:202603021000", "sha256:1f"])
def test_an_id_that_looks_like_one_of_our_own_becomes_its_digest(given: str) -> None:
    assert first_id([given], "", b"") != given.strip()
    assert first_id([given], "", b"1") == first_id([given], "", b"2")


def test_without_an_id_event_and_body_are_one() -> None:
    assert first_id([], "push", b"{}") == first_id([""], "push", b"{}")
    assert first_id([], "push", b"{}") != first_id([], "tag", b"{}")
