"""Rules of the sweep: what was lost on the way is found again, and nothing is sent for nothing."""

import datetime as dt

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from documents import tasks
from documents.enums import DocumentState
from documents.models import Document
from tests.documents.conftest import FakeBroker, FakePress
from tests.press.orders import LEASE, fresh, lapse, ordered, taken

pytestmark = pytest.mark.django_db


def test_sweep_sends_again_what_no_worker_received(broker: FakeBroker) -> None:
    late = ordered(lease_until=timezone.now() - dt.timedelta(seconds=1))
    ordered(lease_until=timezone.now() + dt.timedelta(seconds=4))
    tasks.sweep()
    assert broker.sent == [late.pk]


def test_sweep_takes_back_what_a_dead_worker_held(broker: FakeBroker) -> None:
    dead, alive = taken(), taken()
    lapse(dead)
    tasks.sweep()
    assert broker.sent == [dead.pk]
    assert fresh(dead).state == DocumentState.ORDERED
    assert fresh(alive).state == DocumentState.RUNNING


def test_sweep_gives_a_message_the_time_of_a_lease_to_be_taken(broker: FakeBroker) -> None:
    document = ordered()
    for _ in range(5):
        tasks.sweep()
    assert broker.sent == [document.pk]
    Document.objects.update(lease_until=timezone.now() - dt.timedelta(seconds=1))
    tasks.sweep()
    assert broker.sent == [document.pk, document.pk]


def test_sweep_reads_only_which_orders_to_send(
    broker: FakeBroker, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    ordered()
    with django_assert_max_num_queries(3) as captured:
        tasks.sweep()
    assert not any('"title"' in query["sql"] for query in captured)


def test_sweep_waits_for_a_broker_that_is_down(broker: FakeBroker) -> None:
    document = ordered()
    broker.is_down = True
    tasks.sweep()
    broker.is_down = False
    tasks.sweep()
    assert broker.sent == [document.pk]


def test_sweep_leaves_settled_orders_alone(fake_press: FakePress, broker: FakeBroker) -> None:
    tasks.produce(ordered().pk)
    failed = taken()
    failed.fail("Une raison.")
    Document.objects.update(lease_until=timezone.now() - LEASE)
    tasks.sweep()
    assert broker.sent == []


def test_message_sent_twice_after_the_sweep_is_harmless(
    broker: FakeBroker, fake_press: FakePress
) -> None:
    document = ordered()
    tasks.sweep()
    for pk in [*broker.sent, *broker.sent]:
        tasks.produce(pk)
    assert fake_press.prints == 1
    assert fresh(document).is_ready
