"""Secrets of links stay out of our logs; a command tells its steps in one line."""

import logging

import pytest
from django.conf import settings
from django.urls import get_resolver

from core.logs import HideSecrets, warnings_only
from tests.house import addresses


@pytest.mark.parametrize(
    ("message", "args", "written"),
    [
        ("GET /invitation/aB_3-x/ 303", (), "GET /invitation/[secret]/ 303"),
        ("Not Found: %s", ("/invitation/aB_3-x/?a=1",), "Not Found: /invitation/[secret]/?a=1"),
        ("GET /invitation/ 200", (), "GET /invitation/ 200"),
        ("GET /reponse/aB_3-x/ 303", (), "GET /reponse/[secret]/ 303"),
        ("GET /reponses/12/34/ 200", (), "GET /reponses/12/34/ 200"),
        ("GET /livret/aB_3-x/ 303", (), "GET /livret/[secret]/ 303"),
        ("GET /livret-en-vigueur/3/ 200", (), "GET /livret-en-vigueur/3/ 200"),
        (
            '"%(r)s" %(s)s',
            ({"r": "GET /compte/mot-de-passe/nouveau/2s-abc/ HTTP/1.1", "s": "302"},),
            '"GET /compte/mot-de-passe/nouveau/[secret]/ HTTP/1.1" 302',
        ),
        ("Mail %s: %s %%", (3, "Refusé"), "Mail 3: Refusé %"),
    ],
)
def test_secret_is_hidden(message: str, args: tuple[object, ...], written: str) -> None:
    given = args[0] if len(args) == 1 and isinstance(args[0], dict) else args
    record = logging.LogRecord("any", logging.INFO, "", 0, message, given, None)
    assert HideSecrets(after=settings.SECRETS_FOLLOW).filter(record) is True
    assert record.getMessage() == written


def test_a_command_that_says_what_it_did_keeps_its_steps_quiet(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("reviews")
    caplog.set_level("INFO")
    with warnings_only():
        logger.info("one of a hundred steps")
        logger.warning("something is wrong")
    logger.info("afterwards")
    assert caplog.messages == ["something is wrong", "afterwards"]


def test_every_address_that_holds_a_secret_is_hidden() -> None:
    before = {
        "/" + route.partition("<")[0]
        for route, _ in addresses(get_resolver())
        if "token>" in route or "key>" in route
    }
    assert before
    assert before <= set(settings.SECRETS_FOLLOW)
