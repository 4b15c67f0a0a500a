import re
from collections.abc import Callable
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from auditlog.models import LogEntry
from django.test import Client, override_settings

from notifier.models import Recipient, Rule, Source, Team
from portal.accounts.models import Role, User
from portal.accounts.tokens import create_token
from portal.work import Worker, queues
from tests.notifier.factories import (
    make_recipient,
    make_source,
    receive_github,
    workflow_run,
)

pytestmark = pytest.mark.django_db
SignIn = Callable[..., Client]
PASSWORD = "correct-horse-battery"


def events() -> list[str]:
    entries = LogEntry.objects.filter(action=LogEntry.Action.ACCESS).order_by("pk")
    return [entry.additional_data["event"] for entry in entries]


def last() -> LogEntry:
    return LogEntry.objects.order_by("pk").last()


def trail(browser: Client, **query: Any) -> list[tuple[str, str, str]]:
    lines = browser.get("/audit/", query).context["lines"]
    return [(line.who, str(line.action), line.thing) for line in lines]


def test_sign_in_and_out_are_recorded(viewer: User, sign_in: SignIn) -> None:
    sign_in(viewer).post("/accounts/logout/")
    assert events() == ["signed_in", "signed_out"]
    assert (last().actor, last().remote_addr) == (viewer, "127.0.0.1")


def test_it_says_how_somebody_signed_in(viewer: User, sign_in: SignIn) -> None:
    sign_in(viewer)
    assert last().additional_data == {"event": "signed_in", "by": ["password"]}


def test_what_is_done_by_hand_is_recorded(admin: User, sign_in: SignIn) -> None:
    browser = sign_in(admin)
    make_source()
    delivery = receive_github(workflow_run())
    Worker(queues()).run_once()
    browser.post(f"/deliveries/{delivery.pk}/replay")
    recipient = make_recipient()
    browser.post(f"/recipients/{recipient.pk}/test")
    acts = LogEntry.objects.filter(action=LogEntry.Action.ACCESS, actor=admin).order_by("pk")
    seen = [(entry.additional_data["event"], entry.object_pk) for entry in acts]
    assert seen[-2:] == [("replayed", str(delivery.pk)), ("test_sent", str(recipient.pk))]


def test_a_failure_names_the_account_and_no_actor(viewer: User, client: Client) -> None:
    client.post("/accounts/login/", {"login": viewer.email, "password": "wrong-password-typed"})
    entry = last()
    assert (entry.additional_data["event"], entry.object_id, entry.actor) == (
        "sign_in_failed",
        viewer.pk,
        None,
    )


def test_a_failure_of_somebody_unknown_is_recorded_too(client: Client) -> None:
    client.post("/accounts/login/", {"login": "nobody@example.com", "password": "x"})
    assert (events(), last().object_repr) == (["sign_in_failed"], "nobody@example.com")


def test_a_password_typed_as_the_name_is_not_recorded(client: Client) -> None:
    client.post("/accounts/login/", {"login": PASSWORD, "password": PASSWORD})
    assert not LogEntry.objects.exists()


def test_failures_beyond_the_limit_do_not_fill_the_trail(viewer: User, client: Client) -> None:
    for _ in range(20):
        client.post("/accounts/login/", {"login": viewer.email, "password": "wrong"})
    assert events() == ["sign_in_failed"] * 5


def test_an_invitation_and_its_use_are_recorded(admin: User, sign_in: SignIn) -> None:
    browser = sign_in(admin, fresh=True)
    form = {"email": "ivo@example.com", "name": "Ivo", "role": "viewer"}
    link = browser.post("/users/new/", form).context["link"]
    guest = Client()
    guest.get(link.removeprefix("http://127.0.0.1:8000"))
    guest.post("/welcome/", {"name": "Ivo", "password": PASSWORD, "again": PASSWORD})
    made, used = LogEntry.objects.filter(additional_data__purpose="invitation").order_by("pk")
    assert (made.actor, made.object_repr, used.actor.email) == (admin, "Ivo", "ivo@example.com")
    assert link.rstrip("/").rsplit("/", 1)[1] not in str(list(LogEntry.objects.values()))


def test_a_change_of_role_says_from_and_to(admin: User, viewer: User, sign_in: SignIn) -> None:
    browser = sign_in(admin, fresh=True)
    browser.post(f"/users/{viewer.pk}/", {"role": "operator"})
    line = browser.get("/audit/", {"kind": "accounts.user"}).context["lines"][0]
    change = line.changes[0]
    assert (line.who, line.thing, change.label, change.old, change.new) == (
        "Ada",
        "Vera",
        "role",
        "Viewer",
        "Operator",
    )


def test_passwords_and_hashes_are_not_in_the_trail(viewer: User, sign_in: SignIn) -> None:
    browser = sign_in(viewer, fresh=True)
    form = {"oldpassword": PASSWORD, "password1": "another-battery", "password2": "another-battery"}
    browser.post("/accounts/password/change/", form)
    viewer.refresh_from_db()
    kept = str(list(LogEntry.objects.values()))
    assert "password_changed" in events()
    assert not [text for text in (PASSWORD, "another-battery", viewer.password) if text in kept]


def test_tokens_are_recorded_without_what_they_are(viewer: User, sign_in: SignIn) -> None:
    browser = sign_in(viewer, fresh=True)
    made = browser.post(
        "/accounts/tokens/new/", {"name": "ci", "scopes": ["query"], "days": "30"}
    ).context
    browser.post(f"/accounts/tokens/{made['token'].uid}/")
    found = LogEntry.objects.filter(object_repr="ci").order_by("pk")
    assert [(entry.action, entry.actor) for entry in found] == [(0, viewer), (2, viewer)]
    kept = str(list(LogEntry.objects.values()))
    assert not [text for text in (made["text"], made["token"].digest) if text in kept]


def test_a_change_by_token_names_person_and_token(
    admin: User, viewer: User, make_token: Callable[..., str], client: Client
) -> None:
    headers = {"Authorization": f"Token {make_token(admin, 'admin')}"}
    client.patch(
        f"/api/v1/users/{viewer.pk}",
        {"role": "operator"},
        content_type="application/json",
        headers=headers,
    )
    assert (last().actor, last().actor_email, last().additional_data) == (
        admin,
        "ada@example.com",
        {"token": "script"},
    )


def test_phone_numbers_are_masked() -> None:
    recipient = Recipient.objects.create(name="Ada", phone="+4915123456789")
    recipient.phone = "+4915123456780"
    recipient.save()
    kept = str(list(LogEntry.objects.values()))
    assert last().changes["phone"] == ["+49 … 789", "+49 … 780"]
    assert "23456" not in kept.replace(" ", "")


def test_a_new_secret_shows_that_it_changed() -> None:
    source = Source.objects.create(name="Shop", slug="shop", provider="github", secret="first-one")
    source.secret = "second-one"
    source.save()
    assert last().changes == {"secret": ["•••", "•••"]}
    kept = str(list(LogEntry.objects.values_list("changes", flat=True)))
    assert "first-one" not in kept and "second-one" not in kept


def test_a_new_row_is_recorded_with_its_own_values() -> None:
    Team.objects.create(name="Backend")
    assert last().changes == {"name": ["None", "Backend"]}


def test_members_and_receivers_are_recorded() -> None:
    ada = Recipient.objects.create(name="Ada", phone="+4915123456789")
    team = Team.objects.create(name="Backend")
    team.members.add(ada)
    Rule.objects.create(name="Main is red").teams.add(team)
    found = [e.changes for e in LogEntry.objects.order_by("pk") if "type" in str(e.changes)]
    assert found == [
        {"members": {"type": "m2m", "operation": "add", "objects": ["Ada"]}},
        {"teams": {"type": "m2m", "operation": "add", "objects": ["Backend"]}},
    ]


def test_second_factors_are_recorded(
    viewer: User, sign_in: SignIn, django_capture_on_commit_callbacks: Any
) -> None:
    browser = sign_in(viewer, fresh=True)
    browser.get("/accounts/2fa/totp/activate/")
    secret = browser.session["mfa.totp.secret"]
    code = format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))
    with django_capture_on_commit_callbacks(execute=True):
        browser.post("/accounts/2fa/totp/activate/", {"code": code})
    kept = str(list(LogEntry.objects.values()))
    assert "second_factor_added" in kept and secret not in kept


def test_a_wrong_second_factor_is_recorded(viewer: User, client: Client) -> None:
    TOTP.activate(viewer, generate_totp_secret())
    client.post("/accounts/login/", {"login": viewer.email, "password": PASSWORD})
    client.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert (events(), last().object_repr) == (["second_factor_failed"], "Vera")


def test_ended_sessions_are_counted(admin: User, viewer: User, sign_in: SignIn) -> None:
    sign_in(viewer)
    sign_in(viewer)
    sign_in(admin, fresh=True).post(f"/users/{viewer.pk}/state/")
    assert last().additional_data == {"event": "sessions_ended", "count": 2}


def test_moments_and_lists_are_written_for_people(viewer: User, sign_in: SignIn) -> None:
    create_token(viewer, name="ci", scopes=["query", "notify:read"])
    viewer.role = Role.ADMIN
    viewer.save()
    line = sign_in(viewer).get("/audit/", {"q": "ci"}).context["lines"][0]
    shown = {str(change.label): change.new for change in line.changes}
    moment = shown.pop("expiry")
    assert shown == {"name": "ci", "scopes": "notify:read, query", "user": "Vera"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", moment)


@pytest.mark.parametrize(
    ("proxies", "header", "address"),
    [
        (0, "198.51.100.7", "127.0.0.1"),
        (1, "198.51.100.7", "198.51.100.7"),
        (1, "203.0.113.9, 198.51.100.7", "198.51.100.7"),
        (2, "203.0.113.9, 198.51.100.7", "203.0.113.9"),
        (2, "198.51.100.7", "127.0.0.1"),
        (1, "nonsense", "0.0.0.0"),  # noqa: S104
        (1, "2001:db8::1", "2001:db8::1"),
    ],
)
def test_the_address_is_the_one_that_a_trusted_proxy_saw(
    proxies: int, header: str, address: str, client: Client, settings: Any
) -> None:
    config = settings.CONFIG.model_copy(update={"trusted_proxies": proxies})
    form = {"login": "nobody@example.com", "password": "x"}
    with override_settings(CONFIG=config):
        client.post("/accounts/login/", form, headers={"X-Forwarded-For": header})
    assert last().remote_addr == address


# The page -----------------------------------------------------------------------------------------


@pytest.fixture
def office(admin: User, viewer: User, sign_in: SignIn) -> Client:
    browser = sign_in(admin)
    sign_in(viewer).post("/accounts/me/", {"name": "Vera Müller"})
    return browser


def test_the_newest_comes_first(office: Client) -> None:
    assert trail(office)[0] == ("Vera Müller", "changed", "Vera Müller")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"actor": "VERA"}, ["changed", "signed in"]),
        ({"actor": "vera@example.com", "action": "signed_in"}, ["signed in"]),
        ({"action": "update"}, ["changed"]),
        ({"action": "create", "kind": "accounts.user"}, ["created", "created"]),
        ({"kind": "notifier.rule"}, []),
        ({"q": "Müller"}, ["changed"]),
        ({"q": "Müller", "action": "delete"}, []),
        ({"since": "2999-01-01"}, []),
        ({"until": "2000-01-01"}, []),
        ({"since": "2000-01-01", "until": "2999-12-31", "action": "update"}, ["changed"]),
    ],
)
def test_filters_stand_in_the_address(
    query: dict[str, str], found: list[str], office: Client
) -> None:
    assert [action for _who, action, _thing in trail(office, **query)] == found


@pytest.mark.parametrize(
    "query", [{"action": "x"}, {"kind": "x.y"}, {"since": "yesterday"}, {"until": "9999-12-31"}]
)
def test_a_filter_that_cannot_be_is_said_to_be_wrong(query: dict[str, str], office: Client) -> None:
    answer = office.get("/audit/", query)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text


def test_pages_follow_each_other_without_gap_or_repeat(office: Client, admin: User) -> None:
    for number in range(120):
        Team.objects.create(name=f"Team {number}")
    seen: list[int] = []
    cursor: str | None = ""
    while cursor is not None:
        page = office.get("/audit/", {"cursor": cursor, "kind": "notifier.team"}).context["page"]
        seen += [entry.pk for entry in page.rows]
        cursor = page.next or None
    assert len(seen) == 120 and seen == sorted(seen, reverse=True)


def test_it_asks_the_database_the_same_few_times_for_many_rows(
    office: Client, django_assert_max_num_queries: Any
) -> None:
    for number in range(60):
        Team.objects.create(name=f"Team {number}")
    with django_assert_max_num_queries(10):
        office.get("/audit/")


def test_what_stands_in_an_entry_is_text(admin: User, sign_in: SignIn) -> None:
    Team.objects.create(name="<script>alert(1)</script>")
    page = sign_in(admin).get("/audit/").text
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_a_viewer_does_not_read_it(viewer: User, sign_in: SignIn) -> None:
    assert sign_in(viewer).get("/audit/").status_code == 403


def test_nobody_writes_it(admin: User, client: Client) -> None:
    client.force_login(admin)
    assert client.post("/audit/").status_code == 405


def test_the_worker_is_nobody() -> None:
    User.objects.create_user("x@example.com", role=Role.VIEWER)
    assert (last().actor, last().remote_addr) == (None, None)
