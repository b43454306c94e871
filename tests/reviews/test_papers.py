"""The report of a closed review, before its layout: what it says, who orders it, for how long."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from core.quarters import Quarter
from core.text import NBSP, day_in_words
from documents.enums import Standing
from documents.kinds import PaperRefused, kind_of
from documents.models import Document
from documents.permissions import can_order_paper
from documents.press import fingerprint_of, render_html
from governance.models import Person
from reviews.exports.report import ReportPaper
from reviews.models import Campaign
from reviews.services.reopening import reopen_campaign
from roadmap.enums import Status, Weather
from roadmap.models import Action, ActionRole, Objective, Priority
from territories.enums import Role
from territories.models import Territory
from tests.factories import MembershipFactory, UserFactory, unsigned
from tests.reviews.answered import answer, close, put_off, validated
from tests.reviews.scene import QUARTER, Scene, opened, set_scene

pytestmark = pytest.mark.django_db

SignIn = Callable[[User | None], Client]
REPORT: dict[str, Any] = {"review": QUARTER.code}


@pytest.fixture
def scene() -> Scene:
    return set_scene()


@pytest.fixture
def closed(scene: Scene) -> Campaign:
    """Hers validated, theirs received, the orphan silent; the fourth was not asked about."""
    campaign = opened(scene)
    update = scene.update_of(scene.hers)
    put_off(update, scene.objective, QUARTER.index + 2, reason="Salle en travaux")
    validated(scene, scene.hers, done="Deux réunions\nUne convention", help_asked="Une salle")
    answer(
        scene.update_of(scene.theirs),
        status=Status.RUNNING,
        weather=Weather.COMPROMISED,
        next_steps="Recruter",
    )
    close(campaign)
    return Campaign.objects.with_place().get(pk=campaign.pk)


def report(scene: Scene, **choices: Any) -> ReportPaper:
    paper: ReportPaper = kind_of("rapport").context(scene.project, REPORT | choices)["paper"]
    return paper


def form_of(scene: Scene, **typed: str) -> Any:
    return kind_of("rapport").form(typed, project=scene.project, reader=None)


def role_of(scene: Scene, role: Role) -> User:
    user: User = UserFactory.create()
    MembershipFactory.create(user=user, territory=scene.project.territory, role=role)
    return user


# --- What it says ---


def test_the_cover_says_which_review_and_who_closed_it(scene: Scene, closed: Campaign) -> None:
    paper = report(scene)
    today = day_in_words(scene.project.territory.today())
    assert paper.imprint.title == f"Rapport trimestriel · PTSM Aubrac · Revue {QUARTER}"
    assert paper.imprint.foot.endswith(f"Revue {QUARTER} · État au {today}")
    assert paper.closing == f"Clôturée le {today} par {scene.lead.get_full_name()}"
    assert paper.edition == ""
    assert paper.count == f"2{NBSP}réponses sur 3{NBSP}fiches interrogées"
    assert [(one.figure, one.label) for one in paper.figures] == [
        ("1", "réponse validée"),
        ("1", "reçue, non validée"),
        ("1", "sans réponse"),
    ]
    assert paper.not_asked.startswith(f"La revue n’interrogeait pas la fiche{NBSP}4")


def test_each_sheet_says_how_much_its_answer_is_worth(scene: Scene, closed: Campaign) -> None:
    hers, theirs, orphan = report(scene).sheets
    assert hers.standing.startswith("Réponse de Maya Legrand, reçue le ")
    assert ", validée le " in hers.standing
    assert hers.remarks == ""
    assert theirs.standing.endswith(", non validée.")
    # The roadmap stays what it was: what was said is told beside.
    assert theirs.status_label == "Non commencée"
    assert theirs.remarks == (
        f"Avancement dit{NBSP}: en cours. Météo dite{NBSP}: objectifs compromis."
    )
    assert orphan.standing == f"Sans réponse{NBSP}: l’état ci-dessus est le dernier connu."
    assert orphan.is_short
    assert not hers.is_short


def test_a_sheet_prints_its_texts_and_objectives(scene: Scene, closed: Campaign) -> None:
    hers, theirs, _ = report(scene).sheets
    assert dict(hers.texts)["Ce qui a été fait"] == "Deux réunions\nUne convention"
    assert list(dict(theirs.texts)) == ["Prochaines étapes"]
    said = f"décalé à {Quarter(QUARTER.index + 2)}{NBSP}: Salle en travaux"
    assert ("1) Ouvrir un lieu", said) in hers.objectives
    html = render_html(kind_of("rapport"), scene.project, REPORT)
    assert "<p>Deux réunions<br>Une convention</p>" in html


def test_what_is_told_to_the_committee_is_what_the_page_tells(
    scene: Scene, closed: Campaign
) -> None:
    paper = report(scene)
    assert [group.label for group in paper.changes] == ["Objectifs décalés"]
    (first, *_) = paper.to_examine
    assert first.title == f"Fiche{NBSP}1{NBSP}: Maison des adolescents"
    assert first.words[0] == f"aide demandée{NBSP}: Une salle"
    lines = [line for group in paper.follow_up for line in group.lines]
    assert [line.number for line in lines] == [1, 2, 3, 4]
    (chart,) = paper.charts
    assert sum(counts[-1] for _, counts in chart.rows) == len(lines)
    assert "<svg" in chart.drawing


def test_what_was_typed_is_never_markup(scene: Scene) -> None:
    campaign = opened(scene)
    validated(scene, scene.hers, done="<b>gras</b>", help_asked="<script>")
    close(campaign)
    html = render_html(kind_of("rapport"), scene.project, REPORT)
    assert "<b>gras</b>" not in html
    assert "<script>" not in html
    assert "&lt;b&gt;gras" in html


def test_a_corrected_edition_says_so_and_why(scene: Scene, closed: Campaign) -> None:
    again = reopen_campaign(
        campaign=closed, reason="Une erreur de saisie", due_on=closed.due_on, by=scene.lead
    )
    close(again)
    paper = report(scene, review=f"{QUARTER.code}-2")
    assert paper.edition == f"2ᵉ{NBSP}édition"
    assert paper.reopening_reason == "Une erreur de saisie"
    assert paper.imprint.title.endswith(f"Revue {QUARTER}, 2ᵉ{NBSP}édition")
    assert report(scene).edition == ""


def test_the_report_costs_two_queries(
    scene: Scene, closed: Campaign, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(2):
        report(scene)


# --- For how long ---


def test_a_closed_review_prints_the_same_once_all_is_renamed_then_removed(
    scene: Scene, closed: Campaign
) -> None:
    before = report(scene)
    known_as = fingerprint_of(kind_of("rapport"), scene.project, REPORT)
    with unsigned():
        Action.objects.update(title="Autre", status=Status.DROPPED, status_reason="Autre")
        Objective.objects.update(title="Autre", label="")
    Person.objects.update(last_name="Autre")
    Priority.objects.update(short_label="Autre")
    Territory.objects.update(name="Autre")
    User.objects.update(last_name="Autre")
    scene.project.refresh_from_db()
    assert report(scene) == before
    with unsigned():
        Objective.objects.all().delete()
        ActionRole.objects.all().delete()
    User.objects.filter(pk=scene.lead.pk).delete()
    assert report(scene) == before
    assert fingerprint_of(kind_of("rapport"), scene.project, REPORT) == known_as


def test_its_file_is_kept(scene: Scene, closed: Campaign) -> None:
    assert kind_of("rapport").standing(scene.project, REPORT) == Standing.FROZEN


# --- Which one, by whom ---


def test_the_latest_closed_review_is_printed_unless_told_otherwise(
    scene: Scene, closed: Campaign
) -> None:
    opened(scene, quarter=Quarter(QUARTER.index + 1))
    form = form_of(scene)
    assert form.is_valid()
    assert form.parameters == REPORT
    ((code, words),) = form.fields["review"].choices
    assert code == QUARTER.code
    assert words.startswith(f"Revue {QUARTER}, clôturée le ")


@pytest.mark.parametrize("typed", ["2026-T3", "2026-T4-2", "n’importe quoi"])
def test_a_review_that_is_not_closed_is_refused(scene: Scene, closed: Campaign, typed: str) -> None:
    form = form_of(scene, review=typed)
    assert not form.is_valid()
    assert "n’existe pas dans ce projet, ou n’est pas clôturée" in str(form.errors)
    with pytest.raises(PaperRefused, match="n’est pas clôturée"):
        report(scene, review=typed)


def test_without_a_closed_review_the_form_says_so(scene: Scene) -> None:
    opened(scene)
    form = form_of(scene)
    assert not form.is_valid()
    assert "Aucune revue de ce projet n’est encore clôturée" in form.nothing_yet


@pytest.mark.parametrize(
    ("role", "may"), [(Role.MEMBER, True), (Role.PILOT, True), (Role.GUEST, False)]
)
def test_who_reads_reviews_orders_their_report(
    scene: Scene, closed: Campaign, role: Role, *, may: bool
) -> None:
    user = role_of(scene, role)
    assert can_order_paper(user, scene.project, kind_of("rapport")) is may


def test_the_report_is_ordered_from_its_page(
    scene: Scene, closed: Campaign, sign_in: SignIn
) -> None:
    client = sign_in(role_of(scene, Role.MEMBER))
    page = client.get(reverse("reviews:campaign_report", args=[closed.pk])).content.decode()
    order = reverse("documents:document_order", args=[scene.project.pk, "rapport"])
    assert f"{order}?review={QUARTER.code}" in page
    shown = client.get(order, {"review": QUARTER.code}).content.decode()
    assert f'<option value="{QUARTER.code}" selected>' in shown
    client.post(order, REPORT)
    document = Document.objects.get()
    assert (document.standing, document.parameters) == (Standing.FROZEN, REPORT)
    assert document.title.endswith(f"Revue {QUARTER}")


def test_a_guest_and_a_stranger_do_not_order_it(
    scene: Scene, closed: Campaign, sign_in: SignIn
) -> None:
    order = reverse("documents:document_order", args=[scene.project.pk, "rapport"])
    for user in (role_of(scene, Role.GUEST), UserFactory.create()):
        assert sign_in(user).get(order).status_code in {403, 404}
    assert not Document.objects.exists()
