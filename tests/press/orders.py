"""Orders in the situations that a test looks at."""

import datetime as dt
from typing import Any

from django.utils import timezone

from documents.models import Document
from tests.factories import ProjectFactory, UserFactory
from tests.press.kinds import CHOICES

LEASE = dt.timedelta(seconds=30)


def ordered(**fields: Any) -> Document:
    """An order that waits for a worker."""
    project = fields.pop("project", None) or ProjectFactory.create(title="PTSM d’essai")
    return Document.objects.create(
        kind="essai",
        parameters=CHOICES,
        project=project,
        title="Essai",
        ordered_fingerprint="0" * 64,
        ordered_by=UserFactory.create(),
        **fields,
    )


def taken(**fields: Any) -> Document:
    """An order that a worker holds."""
    document = ordered(**fields)
    assert document.start(at=timezone.now(), lease=LEASE)
    return document


def lapse(document: Document) -> None:
    """The worker gives no more sign of life."""
    Document.objects.filter(pk=document.pk).update(lease_until=timezone.now() - LEASE)


def fresh(document: Document) -> Document:
    return Document.objects.get(pk=document.pk)
