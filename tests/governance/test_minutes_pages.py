"""The pages of attendance, minutes and decisions: what they say, and what they cost."""

from collections.abc import Callable
from functools import partial
from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from accounts.models import User
from governance.enums import DecisionState, MeetingState, MinutesState, Presence, Reply
from governance.models import AgendaItem, Attendee, Decision
from governance.services.decisions import close_decision
from tests.cast import Cast
from tests.factories import ActionFactory
from tests.governance.held import (
    Held,
    add_point,
    convene,
    decide,
    fresh,
    hold,
    meet,
    note,
    proposed,
)

SignIn = Callable[[User | None], Client]
Queries = Callable[[Callable[[], object]], int]


@pytest.fixture
def held(cast: Cast) -> Held:
    return hold(cast.project)


@pytest.fixture
def agnes(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.agnes)


def said(client: Client, name: str, *args: object) -> str:
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return str(answer.content.decode())


def send(client: Client, view: str, /, *args: object, **typed: object) -> str:
    answer = client.post(reverse(view, args=args), typed, follow=True)
    return str(answer.content.decode())


# --- Minutes ---


def test_notes_saved_by_themselves_reach_the_others(agnes: Client, cast: Cast, held: Held) -> None:
    at = reverse("governance:item_notes", args=[held.last.pk, held.item.pk])
    saved = agnes.post(at, {"do": "auto", "revision": "0", "notes": "Dit en séance"}).json()
    assert (saved["notes"], saved["revision"]) == ("Dit en séance", 1)
    since = reverse("governance:minutes_since", args=[held.last.pk])
    other = Client()
    other.force_login(cast.emile, "allauth.account.auth_backends.AuthenticationBackend")
    heard = other.get(since, {"vu": "0", "ou": str(held.second.pk)}).json()
    assert heard["items"][0]["notes"] == "Dit en séance"
    told = agnes.get(since, {"vu": "1"}).json()
    assert "items" not in told
    assert told["hands"] == {str(held.second.pk): [cast.emile.get_full_name()]}


def test_text_refused_comes_back_with_the_other_one(agnes: Client, cast: Cast, held: Held) -> None:
    note(held.item, "D’Émile", cast.emile)
    at = reverse("governance:item_notes", args=[held.last.pk, held.item.pk])
    typed = {"revision": "0", "notes": "D’Agnès"}
    refused = agnes.post(at, typed | {"do": "auto"})
    assert refused.status_code == 409
    assert refused.json()["theirs"] == "D’Émile"
    page = agnes.post(at, typed).content.decode()
    assert "D’Émile" in page
    assert "D’Agnès" in page


def test_notes_typed_after_the_proposal_are_told_so(agnes: Client, cast: Cast, held: Held) -> None:
    proposed(held, cast.agnes)
    at = reverse("governance:item_notes", args=[held.last.pk, held.item.pk])
    answer = agnes.post(at, {"do": "auto", "revision": "1", "notes": "Tard"})
    assert answer.status_code == 409
    assert answer.json()["is_over"] is True
    assert agnes.get(reverse("governance:minutes_since", args=[held.last.pk])).json()["is_over"]


def test_decision_is_written_under_its_point(agnes: Client, held: Held) -> None:
    page = send(
        agnes,
        "governance:meeting_decide",
        held.last.pk,
        item=str(held.item.pk),
        text="Former les équipes",
        responsible_name="Maya Legrand",
        due_on="2027-01-31",
        token="a" * 32,
    )
    assert "Décision 1 enregistrée." in page
    decision = Decision.objects.get()
    assert (decision.item, decision.meeting) == (held.item, held.last)
    assert "pour le 31" in page
    page = send(agnes, "governance:meeting_decide", held.last.pk, item="0", text="")
    assert "Écrivez la décision." in page


def test_member_is_told_that_minutes_are_not_out(cast: Cast, sign_in: SignIn, held: Held) -> None:
    note(held.item, "Mots à relire", cast.agnes)
    client = sign_in(cast.bruno)
    page = said(client, "governance:minutes_detail", held.last.pk)
    assert "n’est pas encore proposé" in page
    assert "Mots à relire" not in page
    proposed(held, cast.agnes)
    assert "La fiche 3 avance." in said(client, "governance:minutes_detail", held.last.pk)


def test_minutes_are_proposed_then_validated_by_the_next_meeting(
    agnes: Client, cast: Cast, held: Held
) -> None:
    note(held.item, "La fiche 3 avance.", cast.agnes)
    assert "La réunion est tenue." in send(agnes, "governance:attendance_held", held.last.pk)
    assert "La fiche 3 avance." in said(agnes, "governance:minutes_propose", held.last.pk)
    page = send(agnes, "governance:minutes_propose", held.last.pk)
    assert "proposé à la validation" in page
    assert "Valider le compte rendu du" in said(agnes, "governance:minutes_detail", held.next.pk)
    args = (held.next.pk, held.last.pk)
    assert "La fiche 3 avance." in said(agnes, "governance:minutes_validate", *args)
    page = send(agnes, "governance:minutes_validate", *args, corrections="Lire 12")
    assert "est validé." in page
    page = said(agnes, "governance:minutes_detail", held.last.pk)
    assert "Lire 12" in page
    assert "Reprendre la rédaction" not in page
    assert fresh(held.last).minutes_state == MinutesState.VALIDATED


def test_points_and_sheets_are_added_in_the_meeting(agnes: Client, cast: Cast, held: Held) -> None:
    sheet = ActionFactory.create(project=cast.project, number=3, title="Pair-aidance")
    other = ActionFactory.create(project=cast.project, number=4, title="Logement")
    send(agnes, "governance:item_add", held.last.pk, title="Budget")
    item = AgendaItem.objects.get(title="Budget")
    args = (held.last.pk, item.pk)
    assert "Pair-aidance" in said(agnes, "governance:item_ties", *args)
    send(agnes, "governance:item_ties", *args, fiche=[str(sheet.pk)], fiche_was="")
    assert "Pair-aidance" in said(agnes, "governance:minutes_detail", held.last.pk)
    # Another page, drawn before: it takes nothing away of what it did not know.
    send(agnes, "governance:item_ties", *args, fiche=[str(other.pk)], fiche_was="")
    assert item.sheet_ties.count() == 2
    send(agnes, "governance:item_ties", *args, fiche=[], fiche_was=str(sheet.pk))
    assert [tie.action for tie in item.sheet_ties.select_related("action")] == [other]
    page = said(agnes, "roadmap:action_detail", other.pk)
    assert "Réunions et décisions" in page
    assert "Budget" in page


def test_open_decisions_are_shown_at_each_next_meeting_until_closed(
    agnes: Client, cast: Cast, held: Held
) -> None:
    decision = decide(held, "Former les équipes", cast.agnes)
    assert "Former les équipes" in said(agnes, "governance:minutes_detail", held.next.pk)
    close_decision(
        decision=decision, state=DecisionState.DONE, words="", on=cast.aubrac.today(), by=cast.agnes
    )
    assert "Former les équipes" not in said(agnes, "governance:minutes_detail", held.next.pk)


# --- Attendance ---


def test_attendance_is_noted_and_read(agnes: Client, cast: Cast, held: Held) -> None:
    one = convene(held.last, "Nina Roy", Reply.YES, organisation_name="UNAFAM")
    page = said(agnes, "governance:attendance", held.last.pk)
    assert "proposé d’après sa réponse" in page
    typed = {"revision": "0", f"presence-{one.pk}-presence": "represente"}
    typed[f"presence-{one.pk}-represented_by"] = "Paul Roux"
    page = send(agnes, "governance:attendance", held.last.pk, **typed)
    assert "1\u00a0présence notée." in page
    kept = Attendee.objects.get()
    assert (kept.presence, kept.represented_by) == (Presence.REPRESENTED, "Paul Roux")
    page = send(agnes, "governance:attendee_add", held.last.pk, name="Nina Roy")
    assert "est déjà sur la liste" in page
    page = send(agnes, "governance:attendance_held", held.next.pk)
    assert "à venir" in page
    assert fresh(held.next).state == MeetingState.CONVENED


# --- The register ---


def test_register_is_filtered_counted_and_exported(agnes: Client, cast: Cast, held: Held) -> None:
    late = decide(held, "Former les équipes", cast.agnes, more={"due_on": held.last.starts_on})
    done = decide(held, "Loger", cast.agnes, more={"responsible": "Maya Legrand"})
    close_decision(
        decision=done, state=DecisionState.DONE, words="Fait", on=cast.aubrac.today(), by=cast.agnes
    )
    address = reverse("governance:decision_list", args=[cast.project.pk])
    page = agnes.get(address, {"etat": "retard"}).content.decode()
    assert "Former les équipes" in page
    assert "en retard de\u00a03\u00a0jours" in page
    assert "Loger" not in page
    for choice in ({"mots": "EQUIPES"}, {"mots": str(late.number)}, {"etat": "ouverte"}):
        found = agnes.get(address, choice).content.decode()
        assert "Former les équipes" in found
        assert "Loger" not in found
    narrowed = {"responsable": "Maya Legrand", "instance": str(held.body.pk)}
    assert "Former les équipes" not in agnes.get(address, narrowed).content.decode()
    export = reverse("governance:decision_export", args=[cast.project.pk])
    book = load_workbook(BytesIO(agnes.get(export, {"etat": "faite"}).content))
    rows = list(book["Décisions"].iter_rows(values_only=True))
    assert [row[:2] for row in rows] == [("N°", "Décision"), (2, "Loger")]


def test_decision_is_closed_with_its_reason_and_opened_again(
    agnes: Client, cast: Cast, held: Held
) -> None:
    decision = decide(held, "Former", cast.agnes)
    today = f"{cast.aubrac.today():%Y-%m-%d}"
    at = ("governance:decision_close", decision.pk)
    assert "Dites pourquoi" in send(agnes, *at, state="abandonnee", words="", on=today)
    page = send(agnes, *at, state="abandonnee", words="Sans moyens", on=today)
    assert "Sans moyens" in page
    assert "déjà été close" in send(agnes, *at, state="faite", words="", on=today)
    page = send(agnes, "governance:decision_reopen", decision.pk, reason="Des moyens")
    assert "a rouvert la décision\u00a01\u00a0: Des moyens" in page
    assert Decision.objects.get().state == "ouverte"


def test_decision_is_corrected_and_nobody_is_overwritten(
    agnes: Client, cast: Cast, held: Held
) -> None:
    sheet = ActionFactory.create(project=cast.project, number=3, title="Pair-aidance")
    decision = decide(held, "Former", cast.agnes)
    drawn = cast.project.__class__.objects.get(pk=cast.project.pk).revision
    at = ("governance:decision_edit", decision.pk)
    ties = {"liens-fiche": [str(sheet.pk)], "liens-fiche_was": ""}
    page = send(agnes, *at, text="Former les équipes", revision=drawn, **ties)
    assert "Fiche\u00a03\u00a0· Pair-aidance" in page
    page = send(agnes, *at, text="Autre texte", revision=drawn)
    assert "Former les équipes" in page
    assert "Autre texte" in page
    assert Decision.objects.get().text == "Former les équipes"


# --- What they cost ---


def test_pages_cost_the_same_whatever_the_rows(
    agnes: Client, cast: Cast, held: Held, queries: Queries
) -> None:
    proposed(held, cast.agnes)
    now = meet(held.body, -1)
    pages = [
        reverse("governance:minutes_detail", args=[now.pk]),
        reverse("governance:minutes_since", args=[now.pk]),
        reverse("governance:attendance", args=[now.pk]),
        reverse("governance:decision_list", args=[cast.project.pk]),
    ]

    def grow(size: int) -> None:
        for rank in range(size):
            item = add_point(now, f"Point {rank}", rank)
            convene(now, f"Personne {rank}-{size}")
            decide(held, f"Décision {rank}-{size}", cast.agnes, meeting=now, item=item)

    grow(1)
    first = [queries(partial(agnes.get, at)) for at in pages]
    grow(4)
    then = [queries(partial(agnes.get, at)) for at in pages]
    assert then == first
    assert max(then) <= 15, then
