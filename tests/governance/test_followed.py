"""The communication plan and the prerequisites: lines, dates, the way back."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from documents.kinds import PaperRefused, kind_of
from governance.enums import FollowedList, FollowedState
from governance.models import FollowedLine
from governance.services.followed import say_state, start_list
from governance.summaries.followed import followed_summary
from governance.writing import GovernanceRefused
from tests.cast import Cast
from tests.factories import PersonFactory, unsigned

SignIn = Callable[[User | None], Client]
PLAN, NEEDS = FollowedList.COMMUNICATION, FollowedList.PREREQUISITES


@pytest.fixture
def lead(cast: Cast, sign_in: SignIn) -> Client:
    return sign_in(cast.agnes)


def address(cast: Cast, name: str = "followed_list", which: FollowedList = PLAN) -> str:
    return reverse(f"governance:{name}", args=[cast.project.pk, which.value])


def post(client: Client, path: str, **typed: Any) -> str:
    answer: Any = client.post(path, typed, follow=True)
    assert answer.status_code == 200
    return str(answer.content.decode())


def a_line(cast: Cast, words: str = "Lancer", **fields: Any) -> FollowedLine:
    with unsigned():
        return FollowedLine.objects.create(project=cast.project, listed=PLAN, words=words, **fields)


@pytest.mark.parametrize("which", FollowedList)
def test_empty_list_proposes_a_beginning_that_is_taken_once(
    cast: Cast, lead: Client, which: FollowedList
) -> None:
    assert "Partir de cette liste" in lead.get(address(cast, which=which)).content.decode()
    said = post(lead, address(cast, "followed_start", which))
    assert "adaptez-les" in said
    count = FollowedLine.objects.of(cast.project, which).count()
    assert "n’est plus vide" in post(lead, address(cast, "followed_start", which))
    assert FollowedLine.objects.of(cast.project, which).count() == count


def test_prerequisites_are_those_of_the_source_and_nothing_more(cast: Cast) -> None:
    today = cast.aubrac.today()
    assert start_list(project=cast.project, which=NEEDS, by=cast.agnes, on=today) == 8
    assert FollowedLine.objects.of(cast.project, NEEDS)[0].words == "La faisabilité"


def test_line_is_added_once_with_the_name_of_its_person(cast: Cast, lead: Client) -> None:
    person = PersonFactory.create(territory=cast.aubrac, first_name="Zoé", last_name="Puech")
    typed = {"words": "Lancer", "state": "a_faire", "responsible": person.pk, "token": "une-page"}
    for _ in range(2):
        said = post(lead, address(cast, "followed_add"), **typed)
    line = FollowedLine.objects.get()
    assert line.responsible_name == "Zoé Puech"
    assert "Zoé Puech" in said


def test_dropped_line_says_why(cast: Cast, lead: Client) -> None:
    line = a_line(cast)
    with pytest.raises(GovernanceRefused, match="dit pourquoi"):
        say_state(line=line, state=FollowedState.DROPPED, by=cast.agnes)
    path = reverse("governance:followed_edit", args=[line.pk])
    said = post(lead, path, words="Lancer", state="abandonne")
    assert "Dites ici pourquoi" in said
    post(lead, path, words="Lancer", state="abandonne", remark="Plus de journal local")
    line.refresh_from_db()
    assert line.state == FollowedState.DROPPED


def test_line_removed_comes_back_as_it_was(cast: Cast, lead: Client) -> None:
    line = a_line(cast, "Une affiche", audience="Lycéens")
    said = post(lead, reverse("governance:followed_remove", args=[line.pk]))
    assert "La ligne est retirée." in said
    assert "Annuler</a>" in said
    path = next(
        part.split('"')[0] for part in said.split('href="') if "/suivi/gestes/" in part[:60]
    )
    assert "a retiré «\u00a0Une affiche\u00a0»" in lead.get(path).content.decode()
    assert "C’est annulé." in post(lead, path)
    assert FollowedLine.objects.get(pk=line.pk).audience == "Lycéens"
    assert "déjà été annulé" in post(lead, path)


def test_state_is_noted_from_the_list_and_an_unknown_one_changes_nothing(
    cast: Cast, lead: Client
) -> None:
    line = a_line(cast)
    path = reverse("governance:followed_state", args=[line.pk])
    assert "C’est noté" in post(lead, path, state="en_cours")
    assert "Cet état n’existe pas" in post(lead, path, state="perdue")
    line.refresh_from_db()
    assert line.state == FollowedState.DOING


def test_lines_are_moved_one_place(cast: Cast, lead: Client) -> None:
    first, second = (a_line(cast, words, rank=rank) for rank, words in enumerate("AB", start=1))
    post(lead, reverse("governance:followed_move", args=[second.pk]), vers="haut")
    assert [one.words for one in FollowedLine.objects.of(cast.project, PLAN)] == ["B", "A"]
    post(lead, reverse("governance:followed_move", args=[first.pk]), vers="bas")
    assert [one.words for one in FollowedLine.objects.of(cast.project, PLAN)] == ["B", "A"]


def test_lateness_is_told_in_words_while_a_line_is_open(cast: Cast) -> None:
    today = dt.date(2026, 11, 22)
    lines = [
        FollowedLine(words="Tard", due_on=today - dt.timedelta(12)),
        FollowedLine(words="Faite", due_on=today - dt.timedelta(12), state=FollowedState.DONE),
        FollowedLine(words="Bientôt", due_on=today + dt.timedelta(3)),
        FollowedLine(words="Jour", due_on=today),
        FollowedLine(words="Loin", due_on=today + dt.timedelta(90)),
        FollowedLine(words="Un jour"),
    ]
    summary = followed_summary(lines, shown=lines, on=today)
    told = [row.lateness for row in summary.rows]
    assert told == [
        "en retard de 12\u00a0jours",
        "",
        "dans 3\u00a0jours",
        "aujourd’hui",
        "",
        "",
    ]
    assert summary.label == "6\u00a0lignes, 1\u00a0faite, 1 en retard"


def test_two_people_on_one_line_are_shown_both_texts(cast: Cast, lead: Client) -> None:
    line = a_line(cast)
    cast.project.refresh_from_db()
    path = reverse("governance:followed_edit", args=[line.pk])
    typed = {"state": "a_faire", "revision": cast.project.revision}
    post(lead, path, words="Le premier texte", **typed)
    said = post(lead, path, words="Le second texte", **typed)
    assert "Le premier texte" in said
    assert "Le second texte" in said
    assert "Prendre ce texte" in said


def test_list_is_filtered_ordered_exported_and_cheap(
    cast: Cast, lead: Client, django_assert_max_num_queries: Any
) -> None:
    today = cast.aubrac.today()
    for number in range(30):
        a_line(cast, f"Message {number}", rank=number, due_on=today - dt.timedelta(number))
    with django_assert_max_num_queries(15):
        said = lead.get(address(cast), {"retard": "oui", "ordre": "date"}).content.decode()
    assert "29\u00a0lignes sur 30" in said
    assert said.index("Message 29") < said.index("Message 2<")
    assert "ce filtre n’existe pas" in lead.get(address(cast), {"etat": "x"}).content.decode()
    assert lead.get(address(cast, "followed_export")).content.startswith(b"PK")


def test_unknown_list_is_not_found_and_a_bad_date_is_told(cast: Cast, lead: Client) -> None:
    path = reverse("governance:followed_list", args=[cast.project.pk, "autre"])
    assert lead.get(path).status_code == 404
    said = post(lead, address(cast, "followed_add"), words="A", state="a_faire", due_on="demain")
    assert "Écrivez une date" in said


def test_paper_of_an_empty_list_is_refused(cast: Cast) -> None:
    with pytest.raises(PaperRefused, match="rien à imprimer"):
        kind_of("plan-communication").context(cast.project, {})


def test_paper_says_what_the_page_says(cast: Cast) -> None:
    start_list(project=cast.project, which=PLAN, by=cast.agnes, on=cast.aubrac.today())
    paper = kind_of("plan-communication").context(cast.project, {})["paper"]
    assert paper.count == "6\u00a0lignes"
    assert paper.lines[0].medium == "Lettre de cadrage"
