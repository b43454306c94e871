"""What the clock has done without anybody asking."""

import datetime as dt

import pytest
from celery import current_app
from django.contrib.sessions.models import Session
from django.utils import timezone
from pytest_django import Settings

from core import tasks


@pytest.mark.django_db
def test_sessions_are_deleted_once_they_have_expired() -> None:
    for key, hours in (("gone", -1), ("alive", 1)):
        expires = timezone.now() + dt.timedelta(hours=hours)
        Session.objects.create(session_key=key, session_data="", expire_date=expires)
    tasks.clear_sessions()
    assert [session.session_key for session in Session.objects.all()] == ["alive"]


def test_clock_knows_only_jobs_that_exist(settings: Settings) -> None:
    asked = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert tasks.clear_sessions.name in asked
    current_app.loader.import_default_modules()
    assert asked <= set(current_app.tasks)
