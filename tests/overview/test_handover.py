"""Somebody leaves: all that they held goes to others, in one gesture, or nothing does."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from core.models import Mail
from documents.kinds import PaperRefused
from documents.press import canonical
from governance.enums import MeetingState
from governance.models import Attendee, Body, Decision, Meeting, Person, Seat
from journal.models import ChangeSet
from overview.exports import handover_context, handover_title
from overview.forms import HandoverPaperForm
from overview.services import HandoverRefused, hand_over, plan_of
from overview.summaries.holdings import HeldKind, Holdings, holdings_of
from reviews.models import Charge, Respondent
from reviews.services.opening import open_due, schedule_opening
from reviews.services.preparing import make_campaign
from roadmap.enums import RoleKind
from roadmap.models import Action, ActionRole
from tests.cast import Cast
from tests.factories import ActionFactory, ActionRoleFactory, PersonFactory, unsigned
from tests.governance.bodies_scene import make_body, make_seat
from tests.reviews.scene import QUARTER
from tests.verapdf import require_verapdf, validate_all

pytestmark = pytest.mark.django_db
SignIn = Callable[[User | None], Client]
Queries = Callable[[Callable[[], object]], int]


@pytest.fixture
def marie(cast: Cast) -> Person:
    return PersonFactory.create(
        territory=cast.aubrac, first_name="Marie", last_name="Roy", email="marie@exemple.fr"
    )


@pytest.fixture
def hugo(cast: Cast) -> Person:
    return PersonFactory.create(
        territory=cast.aubrac, first_name="Hugo", last_name="Petit", email="hugo@exemple.fr"
    )


@pytest.fixture
def zoe(cast: Cast) -> Person:
    return PersonFactory.create(territory=cast.aubrac, first_name="Zoé", last_name="Adam")


@pytest.fixture
def body(cast: Cast) -> Body:
    return make_body(cast.project)


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project)


@pytest.fixture
def held(cast: Cast, marie: Person, body: Body, sheet: Action) -> Holdings:
    """One of everything, held by Marie."""
    make_seat(body, marie)
    make_seat(body, None, substitute=marie)
    ActionRoleFactory.create(action=sheet, person=marie, label="Dr Roy", kind=RoleKind.PILOT)
    today = cast.aubrac.today()
    campaign = make_campaign(
        project=cast.project,
        quarter=QUARTER,
        opens_on=today,
        due_on=today + dt.timedelta(days=21),
        by=cast.agnes,
    ).campaign
    open_due(at=schedule_opening(campaign=campaign, by=cast.agnes).letters_leave_at)
    starts = timezone.now() + dt.timedelta(days=9)
    with unsigned():
        Decision.objects.create(
            project=cast.project,
            number=1,
            text="Écrire à la mairie",
            decided_on=today,
            responsible=marie,
            responsible_name="Marie Roy",
        )
        meeting = Meeting.objects.create(
            body=body, starts_at=starts, ends_at=starts, state=MeetingState.CONVENED
        )
        Attendee.objects.create(meeting=meeting, person=marie, name="Marie Roy", reply="oui")
    return holdings_of(marie, cast.project)


def address(cast: Cast, person: Person, page: str = "passer-la-main") -> str:
    return f"/territoires/{cast.aubrac.code}/annuaire/{person.pk}/{page}/"


def test_everything_is_on_one_screen(held: Holdings) -> None:
    assert [line.kind for line in held.lines] == list(HeldKind)


def test_one_successor_takes_all_in_one_gesture(
    cast: Cast, held: Holdings, marie: Person, hugo: Person
) -> None:
    before = ChangeSet.objects.count()
    choices: dict[str, Person | None] = dict.fromkeys((one.key for one in held.lines), hugo)
    today = cast.aubrac.today()
    for _ in range(2):
        hand_over(
            cast.project,
            person=marie,
            choices=choices,
            on=today,
            seen=held.seal,
            by=cast.agnes,
            token="page",
        )
    assert ChangeSet.objects.count() == before + 1
    assert holdings_of(marie, cast.project).lines[0].kind == HeldKind.SEAT  # until tonight
    seats = Seat.objects.filter(person=hugo)
    assert seats.get().starts_on == today + dt.timedelta(days=1)
    assert Seat.objects.get(person=marie).ends_on == today
    assert Seat.objects.filter(substitute=hugo).count() == 1
    role = ActionRole.objects.get()
    assert (role.person, role.printed) == (hugo, "Hugo Petit")
    assert Charge.objects.get().respondent.person == hugo
    assert Decision.objects.get().responsible == hugo
    attendee = Attendee.objects.get()
    assert (attendee.person, attendee.name, attendee.reply) == (hugo, "Hugo Petit", "sans_reponse")
    words = ChangeSet.objects.latest("pk").words
    assert "a passé la main de Marie Roy à Hugo Petit" in words


def test_each_line_has_its_own_choice(
    cast: Cast, held: Holdings, marie: Person, hugo: Person, zoe: Person
) -> None:
    by_kind = {one.kind: one.key for one in held.lines}
    choices = {by_kind[HeldKind.ROLE]: zoe, by_kind[HeldKind.DECISION]: hugo}
    plan = plan_of(held, choices=choices, on=cast.aubrac.today())
    assert {str(one.to) for one in plan.passed} == {"Zoé Adam", "Hugo Petit"}
    assert len(plan.kept) == 4
    hand_over(
        cast.project,
        person=marie,
        choices=choices,
        on=cast.aubrac.today(),
        seen=held.seal,
        by=cast.agnes,
    )
    kinds = [line.kind for line in holdings_of(marie, cast.project).lines]
    assert kinds == [HeldKind.SEAT, HeldKind.SUBSTITUTE, HeldKind.ANSWER, HeldKind.MEETING]


def test_what_changed_since_the_preview_stops_it_all(
    cast: Cast, held: Holdings, marie: Person, hugo: Person
) -> None:
    choices: dict[str, Person | None] = dict.fromkeys((one.key for one in held.lines), hugo)
    make_seat(make_body(cast.project, "Autre"), marie)
    with pytest.raises(HandoverRefused, match="a changé pendant"):
        hand_over(
            cast.project,
            person=marie,
            choices=choices,
            on=cast.aubrac.today(),
            seen=held.seal,
            by=cast.agnes,
        )
    assert not Seat.objects.filter(person=hugo).exists()


def test_a_room_that_refuses_leaves_everything_as_it_was(
    cast: Cast, held: Holdings, marie: Person, hugo: Person
) -> None:
    with unsigned():
        Seat.objects.filter(person=marie).update(starts_on=dt.date(2026, 3, 1))
        make_seat(Body.objects.get(), hugo, starts_on=dt.date(2027, 6, 1))
    seen = holdings_of(marie, cast.project)
    choices: dict[str, Person | None] = dict.fromkeys((one.key for one in seen.lines), hugo)
    with pytest.raises(HandoverRefused, match="siège déjà"):
        hand_over(
            cast.project,
            person=marie,
            choices=choices,
            on=dt.date(2026, 6, 1),
            seen=seen.seal,
            by=cast.agnes,
        )
    assert ActionRole.objects.get().person == marie
    assert Decision.objects.get().responsible == marie


def test_whoever_holds_it_already_holds_it_once(
    cast: Cast, held: Holdings, marie: Person, hugo: Person, sheet: Action
) -> None:
    ActionRoleFactory.create(action=sheet, person=hugo, label="", kind=RoleKind.PILOT)
    make_seat(Body.objects.get(), hugo)
    seen = holdings_of(marie, cast.project)
    choices: dict[str, Person | None] = dict.fromkeys((one.key for one in seen.lines), hugo)
    hand_over(
        cast.project,
        person=marie,
        choices=choices,
        on=cast.aubrac.today(),
        seen=seen.seal,
        by=cast.agnes,
    )
    assert ActionRole.objects.get().person == hugo
    assert Seat.objects.filter(person=hugo).count() == 1


@pytest.mark.parametrize(
    ("theirs", "kept"),
    [(RoleKind.COPILOT, RoleKind.PILOT), (RoleKind.PILOT, RoleKind.PILOT)],
)
def test_nobody_is_pilot_and_copilot_of_one_sheet(
    cast: Cast, held: Holdings, marie: Person, hugo: Person, sheet: Action, theirs: str, kept: str
) -> None:
    ActionRoleFactory.create(action=sheet, person=hugo, label="", kind=theirs)
    choices = {one.key: hugo for one in held.lines if one.kind == HeldKind.ROLE}
    hand_over(
        cast.project,
        person=marie,
        choices=choices,
        on=cast.aubrac.today(),
        seen=held.seal,
        by=cast.agnes,
    )
    assert [(role.person, role.kind) for role in ActionRole.objects.all()] == [(hugo, kept)]


def test_preview_then_confirmation_then_the_summary(
    cast: Cast, held: Holdings, marie: Person, hugo: Person, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    page = client.get(address(cast, marie))
    assert "6\u00a0éléments à confier" in page.content.decode()
    sent = {"successor": "Hugo Petit", "on": cast.aubrac.today().isoformat(), "token": "a"}
    preview = client.post(address(cast, marie), sent).content.decode()
    assert "vous prenez la suite de Marie Roy" in preview
    assert Decision.objects.get().responsible == marie
    mails = Mail.objects.count()
    confirmed = sent | {"etape": "confirmer", "seen": held.seal, "tells": "1"}
    answer = client.post(address(cast, marie), confirmed)
    assert answer["Location"] == address(cast, hugo, "reprise")
    written = list(Mail.objects.order_by("pk")[mails:])
    assert {mail.to for mail in written} == {"hugo@exemple.fr"}
    assert len(written) == 2  # the answer's link, then the summary
    summary = client.get(answer["Location"]).content.decode()
    for words in (
        "Écrire à la mairie",
        f"Fiche {Action.objects.get().number}",
        "Comité de pilotage",
    ):
        assert words in summary
    assert Respondent.objects.filter(person=hugo).exists()


def test_mistakes_are_told_and_kept(
    cast: Cast, held: Holdings, marie: Person, zoe: Person, sign_in: SignIn
) -> None:
    client = sign_in(cast.agnes)
    today = {"on": cast.aubrac.today().isoformat(), "token": "a"}
    key = held.lines[0].key
    for typed, said in (
        ({}, "Nommez qui prend la suite"),
        ({"successor": "Marie Roy"}, "est la personne qui part"),
        ({f"qui-{key}": "Personne Inconnue"}, "n’est pas dans l’annuaire"),
    ):
        page = client.post(address(cast, marie), today | typed).content.decode()
        assert said in page
    again = client.post(address(cast, marie), today | {f"garder-{key}": "on", "etape": "corriger"})
    assert "checked" in again.content.decode()


def test_nobody_writes_of_a_lived_experience(
    cast: Cast, held: Holdings, marie: Person, sign_in: SignIn
) -> None:
    Person.objects.filter(pk=marie.pk).update(lived_experience="aidant")
    page = sign_in(cast.agnes).get(address(cast, marie)).content.decode()
    assert "aidant" not in page.lower()


def test_queries_do_not_grow_with_what_is_held(
    cast: Cast, held: Holdings, marie: Person, sign_in: SignIn, queries: Queries
) -> None:
    client = sign_in(cast.bruno)
    summary = address(cast, marie, "reprise")
    lead = address(cast, marie)
    first = queries(lambda: client.get(summary))
    sign_in(cast.agnes)
    first_lead = queries(lambda: client.get(lead))
    for number in range(4):
        action = ActionFactory.create(project=cast.project)
        ActionRoleFactory.create(action=action, person=marie, label="")
        make_seat(make_body(cast.project, f"Groupe {number}"), marie)
    assert queries(lambda: client.get(lead)) == first_lead
    sign_in(cast.bruno)
    assert queries(lambda: client.get(summary)) == first
    assert max(first, first_lead) <= 17


def test_the_paper_says_what_the_page_says(
    cast: Cast, held: Holdings, marie: Person, zoe: Person
) -> None:
    form = HandoverPaperForm({"personne": str(marie.pk)}, project=cast.project, reader=cast.bruno)
    assert form.is_valid()
    paper = handover_context(cast.project, form.parameters)["paper"]
    assert [title for title, _ in paper.groups] == [title for title, _ in held.groups]
    assert "marie@exemple.fr" not in canonical({"paper": paper})
    assert handover_title(cast.project, form.parameters).startswith("Point de reprise")
    form = HandoverPaperForm({"personne": str(zoe.pk)}, project=cast.project, reader=cast.bruno)
    assert "ne tient rien" in str(form.errors)
    with pytest.raises(PaperRefused, match="ne tient rien"):
        handover_context(cast.project, {"personne": str(zoe.pk)})


@pytest.mark.slow
@pytest.mark.verapdf
def test_the_paper_is_accessible_and_can_be_archived(
    cast: Cast, held: Holdings, marie: Person, tmp_path: Path
) -> None:
    require_verapdf()
    file = tmp_path / "reprise.pdf"
    call_command(
        "print_document", "reprise", territory="aubrac", personne=[str(marie.pk)], output=str(file)
    )
    reports = validate_all([file])
    assert {key: report for key, report in reports.items() if not report.compliant} == {}
