"""`manage.py invite`: says what it did, or one French sentence."""

import io

import pytest
from django.core.management import CommandError, call_command

from core.models import Mail
from territories.enums import Role, Scope
from territories.models import Membership
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def run(*arguments: str) -> str:
    written = io.StringIO()
    call_command("invite", *arguments, stdout=written)
    return written.getvalue()


def test_person_is_invited_into_a_territory(cast: Cast) -> None:
    said = run(
        "Zoe@exemple.fr", "--territory", "aubrac", "--role", "coordination", "--by",
        "Agnes@exemple.fr",
    )  # fmt: skip
    assert said == (
        "zoe@exemple.fr\u00a0: «\u00a0Coordination du territoire\u00a0», PTSM – Aubrac."
        " Un courriel part.\n"
    )
    membership = Membership.objects.get(user__email="zoe@exemple.fr")
    assert (membership.territory, membership.role) == (cast.aubrac, Role.TERRITORY_LEAD)
    assert Mail.objects.get().reply_to == "agnes@exemple.fr"


def test_region_and_country(cast: Cast) -> None:
    run("r@exemple.fr", "--region", cast.aubrac.region.code, "--role", "lecteur_regional")
    run("n@exemple.fr", "--national")
    assert Membership.objects.get(user__email="r@exemple.fr").scope == Scope.REGION
    assert Membership.objects.get(user__email="n@exemple.fr").scope == Scope.NATIONAL


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ([], "n’est pas une adresse électronique"),
        (["zoe"], "n’est pas une adresse électronique"),
        (["nul\x00@exemple.fr", "--national"], "n’est pas une adresse électronique"),
        (["zoe@exemple.fr"], "Indiquer une portée, et une seule"),
        (["zoe@exemple.fr", "--national", "--region", "x"], "Indiquer une portée, et une seule"),
        (["zoe@exemple.fr", "--territory", "zzz", "--role", "membre"], "Aucun territoire"),
        (["zoe@exemple.fr", "--region", "zzz", "--role", "lecteur_regional"], "Aucune région"),
        (["zoe@exemple.fr", "--territory", "aubrac"], "Indiquer un rôle de la portée territoire"),
        (
            ["zoe@exemple.fr", "--territory", "aubrac", "--role", "lecteur_national"],
            "coordination, invite, membre, pilote",
        ),
        (["zoe@exemple.fr", "--national", "--by", "x@exemple.fr"], "Aucun compte ouvert"),
        (
            [
                "zoe@exemple.fr",
                "--territory",
                "aubrac",
                "--role",
                "membre",
                "--by",
                "bruno@exemple.fr",
            ],
            "bruno@exemple.fr ne gère pas les comptes de «\u00a0Aubrac\u00a0»",
        ),
        (["bruno@exemple.fr", "--territory", "aubrac", "--role", "membre"], "a déjà sa place ici"),
    ],
)
def test_refusal_is_one_french_sentence(cast: Cast, arguments: list[str], sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refusal:
        run(*arguments)
    assert "\n" not in str(refusal.value)
    assert not Mail.objects.exists()
