"""`manage.py load_demo`: both roadmaps and the accounts of the demonstration."""

import datetime as dt
import secrets
from argparse import ArgumentParser

from django.conf import settings
from django.core.management.base import CommandError

from accounts.services import DEMO_PASSWORD
from core.commands import FrenchCommand
from core.logs import warnings_only
from core.text import NBSP
from overview.imports import ACCOUNTS, DemoLoaded, load_demo
from roadmap.services import RoadmapRefused
from territories.imports import ReferenceMissing


class Command(FrenchCommand):
    help = "Charge la démonstration : la Mayenne, un territoire fictif et leurs comptes."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--on", help="jour que la démonstration montre (AAAA-MM-JJ), sinon aujourd’hui"
        )
        parser.add_argument(
            "--password", help="mot de passe des comptes ouverts (inventé en mode servi)"
        )
        parser.add_argument(
            "--force",
            action="store_true",
            help="remplace ce qui a été modifié et rouvre les comptes",
        )

    def handle(
        self,
        *_args: object,
        on: dt.date | str | None,
        password: str | None,
        force: bool,
        **_options: object,
    ) -> None:
        chosen = password or usual_password()
        day = a_day(on) if isinstance(on, str) else on
        try:
            with warnings_only():
                loaded = load_demo(on=day, password=chosen, force=force)
        except (RoadmapRefused, ReferenceMissing) as refusal:
            raise CommandError(str(refusal)) from None
        for line in (*loaded.roadmaps, loaded.reviews, *lines_of_accounts(loaded, chosen)):
            self.stdout.write(line)


def a_day(typed: str) -> dt.date:
    try:
        return dt.date.fromisoformat(typed)
    except ValueError:
        raise CommandError(
            f"«{NBSP}{typed}{NBSP}» n’est pas une date{NBSP}: écrire par exemple 2026-11-20."
        ) from None


def usual_password() -> str:
    """A site that strangers reach never opens accounts with the password of the documentation."""
    return secrets.token_urlsafe(12) if settings.IS_SERVED else DEMO_PASSWORD


def lines_of_accounts(loaded: DemoLoaded, password: str) -> list[str]:
    """Who a visitor may be, and the password of the accounts just opened."""
    if loaded.opened:
        heading = f"Comptes de démonstration, mot de passe{NBSP}: {password}"
    else:
        heading = "Comptes de démonstration (leur mot de passe n’a pas changé)"
    width = max(len(account.email) for account in ACCOUNTS)
    return [heading, *(f"  {account.email:<{width}}  {account.purpose}" for account in ACCOUNTS)]
