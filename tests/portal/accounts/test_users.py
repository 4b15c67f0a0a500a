import re
import threading
from collections.abc import Callable

import pytest
from django.db import connections
from django.test import Client

from portal.accounts.models import Role, User
from portal.accounts.services import Refused, change_access

PASSWORD = "correct-horse-battery"
Make = Callable[..., User]
SignIn = Callable[..., Client]


@pytest.fixture
def office(admin: User, sign_in: SignIn) -> Client:
    """The browser of an administrator who has just given their password."""
    return sign_in(admin, fresh=True)


def invite(office: Client, **fields: str) -> str:
    form = {"email": "Ivo@Example.com", "name": "Ivo", "role": "operator", **fields}
    answer = office.post("/users/new/", form)
    assert answer.status_code == 200, answer.content
    return link_in(answer.text)


def link_in(page: str) -> str:
    found = re.search(r"http://127\.0\.0\.1:8000(/welcome/[\w-]+/)", page)
    assert found is not None
    return found[1]


def accept(link: str, **fields: str) -> Client:
    browser = Client()
    browser.get(link)
    browser.post("/welcome/", {"password": PASSWORD, "again": PASSWORD, "name": "Ivo", **fields})
    return browser


@pytest.mark.django_db
def test_somebody_invited_sets_a_password_and_is_in(office: Client) -> None:
    browser = accept(invite(office), name="Ivo B.")
    user = User.objects.get(email="ivo@example.com")
    assert (user.name, user.role, user.state) == ("Ivo B.", Role.OPERATOR, "active")
    assert browser.session["_auth_user_id"] == str(user.pk)


@pytest.mark.django_db
def test_an_invitation_is_good_once(office: Client) -> None:
    link = invite(office)
    accept(link)
    assert Client().get(link).status_code == 404


@pytest.mark.django_db
def test_an_invitation_cannot_give_another_role_or_address(office: Client) -> None:
    accept(invite(office), role="admin", email="other@example.com", is_active="yes")
    user = User.objects.get(email="ivo@example.com")
    assert user.role == Role.OPERATOR


@pytest.mark.django_db
def test_an_address_is_invited_once(office: Client, viewer: User) -> None:
    answer = office.post("/users/new/", {"email": "VERA@example.com", "role": "viewer"})
    assert answer.status_code == 422


@pytest.mark.django_db
def test_a_new_link_ends_the_earlier_one(office: Client) -> None:
    first = invite(office)
    user = User.objects.get(email="ivo@example.com")
    second = link_in(office.post(f"/users/{user.pk}/link/").text)
    assert (Client().get(first).status_code, Client().get(second).status_code) == (404, 302)


@pytest.mark.django_db
def test_a_password_link_ends_the_sessions(office: Client, viewer: User, sign_in: SignIn) -> None:
    old = sign_in(viewer)
    link = link_in(office.post(f"/users/{viewer.pk}/link/").text)
    new = accept(link, password="another-battery-staple", again="another-battery-staple")
    assert (old.get("/help/").status_code, new.get("/help/").status_code) == (302, 200)


@pytest.mark.django_db
def test_a_password_link_keeps_the_name(office: Client, viewer: User) -> None:
    accept(link_in(office.post(f"/users/{viewer.pk}/link/").text), name="Mallory")
    viewer.refresh_from_db()
    assert viewer.name == "Vera"


@pytest.mark.django_db
def test_one_may_use_a_link_where_one_is_signed_in(
    office: Client, viewer: User, sign_in: SignIn
) -> None:
    browser = sign_in(viewer)
    browser.get(link_in(office.post(f"/users/{viewer.pk}/link/").text))
    answer = browser.post("/welcome/", {"password": PASSWORD, "again": PASSWORD})
    assert (answer.status_code, browser.get("/help/").status_code) == (302, 200)


@pytest.mark.django_db
def test_a_password_link_is_no_way_round_the_second_factor(office: Client, viewer: User) -> None:
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(viewer, generate_totp_secret())
    browser = accept(link_in(office.post(f"/users/{viewer.pk}/link/").text))
    assert "_auth_user_id" not in browser.session


@pytest.mark.django_db
def test_an_administrator_can_reset_second_factors(office: Client, viewer: User) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    TOTP.activate(viewer, generate_totp_secret())
    office.post(f"/users/{viewer.pk}/factors/")
    assert not Authenticator.objects.filter(user=viewer).exists()


@pytest.mark.parametrize(
    "path", ["/users/new/", "/users/{}/", "/users/{}/state/", "/users/{}/link/"]
)
@pytest.mark.django_db
def test_changes_to_accounts_need_a_fresh_password(
    path: str, admin: User, viewer: User, sign_in: SignIn
) -> None:
    answer = sign_in(admin).post(path.format(viewer.pk), {"role": "admin"})
    assert answer.headers["Location"].startswith("/accounts/reauthenticate/")
    viewer.refresh_from_db()
    assert viewer.role == Role.VIEWER


@pytest.mark.django_db
def test_after_the_password_the_change_goes_on(admin: User, viewer: User, sign_in: SignIn) -> None:
    browser = sign_in(admin)
    asked = browser.post(f"/users/{viewer.pk}/", {"role": "operator"}).headers["Location"]
    browser.post(asked, {"password": PASSWORD})
    viewer.refresh_from_db()
    assert viewer.role == Role.OPERATOR


@pytest.mark.django_db
def test_a_role_counts_from_the_next_request(office: Client, viewer: User, sign_in: SignIn) -> None:
    browser = sign_in(viewer)
    office.post(f"/users/{viewer.pk}/", {"role": "admin"})
    assert browser.get("/users/").status_code == 200


@pytest.mark.django_db
def test_who_is_deactivated_is_out_at_once(
    office: Client, viewer: User, sign_in: SignIn, make_token: Callable[..., str]
) -> None:
    browser, token = sign_in(viewer), make_token(viewer, "notify:read")
    office.post(f"/users/{viewer.pk}/state/")
    api = Client().get("/api/schema/", headers={"Authorization": f"Token {token}"})
    assert (browser.get("/help/").status_code, api.status_code) == (302, 401)


@pytest.mark.django_db
def test_old_sessions_do_not_come_back_with_the_account(
    office: Client, viewer: User, sign_in: SignIn
) -> None:
    browser = sign_in(viewer)
    office.post(f"/users/{viewer.pk}/state/")
    office.post(f"/users/{viewer.pk}/state/", {"active": "yes"})
    viewer.refresh_from_db()
    assert (viewer.is_active, browser.get("/help/").status_code) == (True, 302)


@pytest.mark.django_db
def test_who_is_deactivated_cannot_use_an_open_link(office: Client) -> None:
    link = invite(office)
    user = User.objects.get(email="ivo@example.com")
    office.post(f"/users/{user.pk}/state/")
    assert Client().get(link).status_code == 404


@pytest.mark.parametrize(("path", "form"), [("", {"role": "viewer"}), ("state/", {})])
@pytest.mark.django_db
def test_nobody_changes_their_own_access(
    path: str, form: dict[str, str], office: Client, admin: User, make_user: Make
) -> None:
    make_user(role=Role.ADMIN)
    office.post(f"/users/{admin.pk}/{path}", form)
    admin.refresh_from_db()
    assert (admin.role, admin.is_active) == (Role.ADMIN, True)


@pytest.mark.django_db
def test_who_has_not_joined_yet_decides_nothing(admin: User, make_user: Make) -> None:
    invited = make_user(role=Role.ADMIN, password=None)
    with pytest.raises(Refused, match="not an administrator"):
        change_access(admin, by=invited, role=Role.VIEWER)


@pytest.mark.django_db
def test_who_was_demoted_meanwhile_decides_nothing(admin: User, make_user: Make) -> None:
    other = make_user(role=Role.ADMIN)
    User.objects.filter(pk=other.pk).update(role=Role.VIEWER)
    with pytest.raises(Refused, match="not an administrator any more"):
        change_access(admin, by=other, role=Role.VIEWER)


@pytest.mark.django_db
def test_a_viewer_and_an_operator_do_not_see_users(
    viewer: User, make_user: Make, sign_in: SignIn
) -> None:
    answers = [
        sign_in(user).get(path).status_code
        for user in (viewer, make_user(role=Role.OPERATOR))
        for path in ("/users/", "/users/new/", f"/users/{viewer.pk}/", "/audit/")
    ]
    assert answers == [403] * 8


@pytest.mark.django_db
def test_users_are_found_by_name_and_address(office: Client, viewer: User) -> None:
    pages = [office.get("/users/", {"q": text}) for text in ("VER", "vera@", "nobody")]
    assert ["vera@example.com" in page.text for page in pages] == [True, True, False]


@pytest.mark.django_db
def test_a_long_list_has_pages(office: Client, make_user: Make) -> None:
    for _ in range(60):
        make_user(password=None)
    first = office.get("/users/").context["page"]
    second = office.get("/users/", {"cursor": first.next}).context["page"]
    back = office.get("/users/", {"cursor": second.previous}).context["page"]
    assert [len(first.rows), len(second.rows), len(back.rows)] == [50, 11, 50]
    assert [user.pk for user in back.rows] == [user.pk for user in first.rows]


@pytest.mark.parametrize("cursor", ["x", "before-", "after-99999999999999999999", "before-9" * 9])
@pytest.mark.django_db
def test_a_made_up_cursor_shows_the_first_page(cursor: str, office: Client) -> None:
    assert len(office.get("/users/", {"cursor": cursor}).context["page"].rows) == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_demote_each_other_leave_one(make_user: Make) -> None:
    first, second = make_user(role=Role.ADMIN), make_user(role=Role.ADMIN)
    start = threading.Barrier(2)
    refused = []

    def demote(target: User, by: User) -> None:
        try:
            start.wait()
            change_access(target, by=by, role=Role.VIEWER)
        except Refused as error:
            refused.append(error)
        finally:
            connections.close_all()

    pairs = ((first, second), (second, first))
    threads = [threading.Thread(target=demote, args=pair) for pair in pairs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert User.objects.filter(role=Role.ADMIN).count() == 1
    assert len(refused) == 1
