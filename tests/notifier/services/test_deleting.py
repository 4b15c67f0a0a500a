import pytest

from notifier.models import Delivery, DeliveryBody, Message, Source
from notifier.services import deleting
from tests.notifier.factories import (
    make_recipient,
    make_rule,
    make_source,
    receive_github,
    workflow_run,
)
from tests.notifier.history import read

pytestmark = pytest.mark.django_db


def test_a_source_in_use_stays() -> None:
    source = make_source()
    receive_github(workflow_run())
    with pytest.raises(deleting.StillInUse):
        deleting.delete_source(source)
    assert Delivery.objects.exists()


def test_a_source_without_history_goes_at_once() -> None:
    deleting.delete_source(make_source())
    assert not Source.objects.exists()


def test_the_whole_history_goes_whatever_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deleting, "AT_ONCE", 2)
    source = make_source()
    for run_id in range(5):
        receive_github(workflow_run(run_id=run_id))
    source.is_active = False
    deleting.delete_source(source)
    counts = [model.objects.count() for model in (Source, Delivery, DeliveryBody)]
    assert counts == [0, 0, 0]


def test_the_history_of_others_stays() -> None:
    gone, stays = make_source(slug="gone"), make_source(slug="stays")
    receive_github(workflow_run(), slug="stays")
    deleting.delete_source(gone)
    assert Delivery.objects.get().source == stays


def test_messages_stay_without_their_delivery() -> None:
    source = make_source()
    make_rule(to=[make_recipient()])
    read(receive_github(workflow_run()))
    source.is_active = False
    deleting.delete_source(source)
    assert Message.objects.get().delivery is None


def test_a_rule_only_for_it_is_switched_off_instead_of_wanting_everything() -> None:
    gone, stays = make_source(slug="gone"), make_source(slug="stays")
    only = make_rule(name="only", sources=[gone])
    both = make_rule(name="both", sources=[gone, stays])
    anything = make_rule(name="any")
    deleting.delete_source(gone)
    for rule in (only, both, anything):
        rule.refresh_from_db()
    assert [rule.is_active for rule in (only, both, anything)] == [False, True, True]
