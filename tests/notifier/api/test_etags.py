from rest_framework.test import APIClient

from notifier.models import Team
from tests.notifier.factories import make_recipient, make_source


def test_what_is_unchanged_is_not_sent_again(viewer: APIClient) -> None:
    make_recipient()
    for address in ("/api/v1/recipients", "/api/v1/recipients/1", "/api/v1/messages"):
        if address.endswith("1"):
            address = f"/api/v1/recipients/{make_recipient().pk}"
        etag = viewer.get(address)["ETag"]
        again = viewer.get(address, headers={"If-None-Match": etag})
        assert (again.status_code, again.content, again["ETag"]) == (304, b"", etag)


def test_a_weak_tag_of_the_same_is_enough_to_read(viewer: APIClient) -> None:
    address = f"/api/v1/recipients/{make_recipient().pk}"
    etag = viewer.get(address)["ETag"]
    assert viewer.get(address, headers={"If-None-Match": f'"x", W/{etag}'}).status_code == 304


def test_a_change_changes_the_tag(operator: APIClient) -> None:
    address = f"/api/v1/recipients/{make_recipient().pk}"
    before = operator.get(address)["ETag"]
    changed = operator.patch(address, {"name": "Ben"})["ETag"]
    assert before != changed == operator.get(address)["ETag"]


def test_an_edit_of_what_was_read_succeeds(operator: APIClient) -> None:
    address = f"/api/v1/sources/{make_source().pk}"
    etag = operator.get(address)["ETag"]
    answer = operator.patch(address, {"name": "New"}, headers={"If-Match": etag})
    assert answer.status_code == 200


def test_an_edit_of_what_has_changed_is_refused(operator: APIClient) -> None:
    address = f"/api/v1/sources/{make_source().pk}"
    etag = operator.get(address)["ETag"]
    operator.patch(address, {"name": "First"})
    late = [
        operator.patch(address, {"name": "Second"}, headers={"If-Match": etag}),
        operator.put(address, {"name": "Second", "slug": "octo"}, headers={"If-Match": etag}),
        operator.delete(address, headers={"If-Match": etag}),
    ]
    assert [answer.status_code for answer in late] == [412] * 3
    assert operator.get(address).json()["name"] == "First"


def test_a_condition_that_cannot_be_read_is_not_met(operator: APIClient) -> None:
    address = f"/api/v1/sources/{make_source().pk}"
    answer = operator.patch(address, {"name": "New"}, headers={"If-Match": "no-quotes"})
    assert answer.status_code == 412


def test_members_count_as_a_change(operator: APIClient) -> None:
    recipient = make_recipient()
    team = Team.objects.create(name="Backend")
    team.members.add(recipient)
    address = f"/api/v1/teams/{team.pk}"
    etag = operator.get(address)["ETag"]
    operator.delete(f"/api/v1/recipients/{recipient.pk}")
    assert operator.delete(address, headers={"If-Match": etag}).status_code == 412


def test_a_star_matches_whatever_is_there(operator: APIClient) -> None:
    address = f"/api/v1/recipients/{make_recipient().pk}"
    assert operator.delete(address, headers={"If-Match": "*"}).status_code == 204
    assert operator.delete(address, headers={"If-Match": "*"}).status_code == 404


def test_answers_are_private(viewer: APIClient) -> None:
    assert viewer.get("/api/v1/recipients")["Cache-Control"] == "private, no-cache"
