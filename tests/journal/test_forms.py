"""A form overwrites nobody: each field says whose text it keeps."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from django import forms
from django.http import QueryDict

from accounts.models import User
from core.forms import LineField
from core.quarters import Quarter
from journal.forms import TracedForm
from roadmap.models import Action, FundingLine, Objective, Priority, Theme
from territories.models import Project
from territories.writing import writing
from tests.cast import Cast
from tests.factories import ActionFactory, FundingLineFactory, ObjectiveFactory, unsigned

pytestmark = pytest.mark.django_db

Counted = Callable[[Callable[[], object]], int]
Q4 = Quarter.of(2026, 4).index


class SheetForm(TracedForm):
    """Texts, a choice, a link and links to several."""

    title = LineField(label="Titre", max_length=40)

    class Meta:
        model = Action
        fields = ("title", "need", "status", "status_reason", "priority", "themes")


class LineForm(TracedForm):
    """An amount and a year."""

    class Meta:
        model = FundingLine
        fields = ("label", "amount", "year", "state")


class ObjectiveForm(TracedForm):
    """Yes or no, and quarters."""

    class Meta:
        model = Objective
        fields = ("title", "in_summary", "note_first", "note_last")


class DatesForm(TracedForm):
    """Days."""

    class Meta:
        model = Project
        fields = ("starts_on",)


@pytest.fixture
def sheet(cast: Cast) -> Action:
    return ActionFactory.create(project=cast.project, number=1, title="Aller vers", need="Avant")


def drawn(form: type[TracedForm], row: Any, revision: int) -> QueryDict:
    """What a browser would send back of a form that nobody touched."""
    sent = QueryDict(mutable=True)
    for field in form(instance=row, revision=revision):
        value = field.value()
        shown = field.field.widget.format_value(value)
        if isinstance(field.field.widget, forms.CheckboxInput):
            if value:
                sent[field.html_name] = "on"
        elif isinstance(value, list):
            sent.setlist(field.html_name, [str(getattr(one, "pk", one)) for one in value])
        else:
            sent[field.html_name] = shown if isinstance(shown, str) else str(value or "")
    return sent


def sent_again(form: TracedForm) -> QueryDict:
    """What a browser would send of the form that came back."""
    sent = QueryDict(mutable=True)
    for field in form:
        value = field.value()
        if isinstance(value, list):
            sent.setlist(field.html_name, value)
        elif value is not None and value is not False:
            sent[field.html_name] = str(value)
    return sent


def send(
    form: type[TracedForm], row: Any, sent: QueryDict, *, project: Project, by: User | None = None
) -> TracedForm:
    """Validate and save as a view does; the form, to be looked at."""
    with writing(project, by=by):
        present = type(row).objects.get(pk=row.pk)
        filled = form(sent, instance=present, revision=project.revision)
        if filled.is_valid():
            filled.save()
    row.refresh_from_db()
    return filled


def meanwhile(project: Project, row: Any, by: User | None, **values: object) -> None:
    with writing(project, by=by):
        type(row).objects.filter(pk=row.pk).update(**values)


def test_alone_everything_is_kept(cast: Cast, sheet: Action, queries: Counted) -> None:
    sent = drawn(SheetForm, sheet, 0)
    sent["title"] = "Aller vers les publics"
    form = send(SheetForm, sheet, sent, project=cast.project)
    assert sheet.title == "Aller vers les publics"
    assert form.changed_labels == ["titre"]


def test_a_field_left_alone_keeps_what_others_wrote(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, need="Le leur", status="en_cours")
    sent["title"] = "Le mien"
    form = send(SheetForm, sheet, sent, project=cast.project, by=cast.agnes)
    assert form.conflicts == []
    assert (sheet.title, sheet.need, sheet.status) == ("Le mien", "Le leur", "en_cours")
    assert form.changed_labels == ["titre"]


def test_what_both_wrote_comes_back_with_both_texts(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, need="Le leur")
    sent["need"] = "Le mien"
    form = send(SheetForm, sheet, sent, project=cast.project, by=cast.agnes)
    (conflict,) = form.conflicts
    assert (conflict.name, conflict.theirs) == ("need", "Le leur")
    assert conflict.by == cast.bruno.get_full_name()
    assert dt.datetime.now(dt.UTC) - conflict.at < dt.timedelta(minutes=1)
    assert form["need"].value() == "Le mien"
    assert form.errors["need"] == [
        "Un autre texte a été enregistré ici pendant que vous écriviez\u00a0: "
        "choisissez celui à garder."
    ]
    assert sheet.need == "Le leur"
    assert cast.project.revision == 1


def saved_by_itself(sheet: Action, project: Project, page: str, number: int, need: str) -> None:
    """What a page writes without being asked, under a token that begins with its own."""
    with writing(project, by=None, token=f"{page}-{number}"):
        Action.objects.filter(pk=sheet.pk).update(need=need)


def sent_from(page: str, sheet: Action, sent: QueryDict, project: Project) -> TracedForm:
    present = Action.objects.get(pk=sheet.pk)
    form = SheetForm(sent, instance=present, revision=project.revision, own=page)
    form.is_valid()
    return form


def test_a_page_that_saves_by_itself_does_not_meet_itself(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    saved_by_itself(sheet, cast.project, "ma-page", 1, "Le m")
    # The answer was lost on the way: the page still says the earlier revision.
    sent["need"] = "Le mien"
    assert sent_from("ma-page", sheet, sent, cast.project).conflicts == []
    assert len(sent_from("une-autre-page", sheet, sent, cast.project).conflicts) == 1


def test_what_others_write_after_it_is_met(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    saved_by_itself(sheet, cast.project, "ma-page", 1, "Le m")
    meanwhile(cast.project, sheet, cast.bruno, need="Le leur")
    sent["need"] = "Le mien"
    (conflict,) = sent_from("ma-page", sheet, sent, cast.project).conflicts
    assert (conflict.theirs, conflict.by) == ("Le leur", cast.bruno.get_full_name())


def test_what_was_taken_from_others_is_told_as_a_browser_sends_it(
    cast: Cast, sheet: Action
) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, need="Le leur", status="en_cours")
    sent["title"] = "Le mien"
    form = sent_from("ma-page", sheet, sent, cast.project)
    assert form.taken == {"need": "Le leur", "status": "en_cours"}


def test_sent_again_mine_is_kept(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, need="Le leur")
    sent["need"] = "Le mien"
    back = send(SheetForm, sheet, sent, project=cast.project)
    assert send(SheetForm, sheet, sent_again(back), project=cast.project).is_valid()
    assert sheet.need == "Le mien"


def test_sent_again_what_was_left_alone_still_keeps_theirs(cast: Cast, sheet: Action) -> None:
    second = Priority.objects.get(number=2)
    with unsigned():
        sheet.themes.set(Theme.objects.filter(position__lte=2))
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(
        cast.project,
        sheet,
        cast.bruno,
        need="Le leur",
        title="Leur titre",
        status="en_cours",
        priority=second,
    )
    sent["need"] = "Le mien"
    back = send(SheetForm, sheet, sent, project=cast.project)
    assert [conflict.name for conflict in back.conflicts] == ["need"]
    assert send(SheetForm, sheet, sent_again(back), project=cast.project).is_valid()
    assert (sheet.need, sheet.title) == ("Le mien", "Leur titre")
    assert (sheet.status, sheet.priority) == ("en_cours", second)
    assert sheet.themes.count() == 2


def test_a_third_text_written_meanwhile_is_another_conflict(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, need="Le leur")
    sent["need"] = "Le mien"
    back = send(SheetForm, sheet, sent, project=cast.project)
    meanwhile(cast.project, sheet, cast.emile, need="Un troisième")
    again = send(SheetForm, sheet, sent_again(back), project=cast.project)
    assert [(one.theirs, one.by) for one in again.conflicts] == [
        ("Un troisième", cast.emile.get_full_name())
    ]
    assert sheet.need == "Un troisième"


@pytest.mark.parametrize("mine", ["Le mien", ""])
def test_theirs_when_ticked(cast: Cast, sheet: Action, mine: str) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, title="Le leur")
    sent["title"], sent["need"] = "Le mien", "Mon constat"
    back = send(SheetForm, sheet, sent, project=cast.project)
    again = sent_again(back)
    # Whatever is left in the field, even what it would refuse.
    again["title"], again["theirs_title"] = mine, "on"
    form = send(SheetForm, sheet, again, project=cast.project)
    assert form.is_valid()
    assert (sheet.title, sheet.need) == ("Le leur", "Mon constat")
    assert form.changed_labels == ["constat ou besoin"]


def test_the_same_text_by_both_is_no_conflict(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, need="Pareil")
    sent["need"] = "Pareil"
    form = send(SheetForm, sheet, sent, project=cast.project)
    assert (form.conflicts, sheet.need) == ([], "Pareil")


def test_a_text_changed_and_changed_back_is_no_conflict(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, need="Essai")
    meanwhile(cast.project, sheet, cast.bruno, need="Avant")
    sent["need"] = "Le mien"
    form = send(SheetForm, sheet, sent, project=cast.project)
    assert (form.conflicts, sheet.need) == ([], "Le mien")


def test_a_text_that_the_form_itself_cleans_was_left_alone(cast: Cast, sheet: Action) -> None:
    with unsigned():
        Action.objects.filter(pk=sheet.pk).update(title="Aller  vers ")
    sheet.refresh_from_db()
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, title="Le leur")
    form = send(SheetForm, sheet, sent, project=cast.project)
    assert (form.conflicts, sheet.title) == ([], "Le leur")


def test_what_another_field_refuses_does_not_hide_a_conflict(cast: Cast, sheet: Action) -> None:
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, need="Le leur")
    sent["need"], sent["title"] = "Le mien", ""
    form = send(SheetForm, sheet, sent, project=cast.project)
    assert set(form.errors) == {"need", "title"}


def test_amounts_compare_as_amounts(cast: Cast, sheet: Action) -> None:
    line = FundingLineFactory.create(action=sheet, amount="1200.50", year=2026)
    line.refresh_from_db()
    sent = drawn(LineForm, line, 0)
    meanwhile(cast.project, line, cast.bruno, amount="1300", year=2027)
    sent["label"] = "Région"
    form = send(LineForm, line, sent, project=cast.project)
    assert form.conflicts == []
    assert (line.label, f"{line.amount}", line.year) == ("Région", "1300.00", 2027)


def test_boxes_and_quarters_are_told_in_words(cast: Cast, sheet: Action) -> None:
    row = ObjectiveFactory.create(action=sheet, in_summary=True, note_first=Q4, note_last=None)
    sent = drawn(ObjectiveForm, row, 0)
    meanwhile(cast.project, row, cast.bruno, note_first=Q4 + 1, in_summary=False)
    sent["note_first"] = str(Q4 + 2)
    back = send(ObjectiveForm, row, sent, project=cast.project)
    assert [(one.name, one.theirs) for one in back.conflicts] == [
        ("note_first", "T1\u00a02027"),
    ]
    assert send(ObjectiveForm, row, sent_again(back), project=cast.project).is_valid()
    assert (row.in_summary, row.note_first) == (False, Q4 + 2)


def test_days_are_told_in_words(cast: Cast) -> None:
    project = cast.project
    sent = drawn(DatesForm, project, 0)
    meanwhile(project, project, cast.bruno, starts_on=dt.date(2025, 3, 1))
    sent["starts_on"] = "01/04/2025"
    form = send(DatesForm, project, sent, project=project)
    assert [one.theirs for one in form.conflicts] == ["1er\u00a0mars\u00a02025"]


def test_choices_and_links_are_told_as_people_know_them(cast: Cast, sheet: Action) -> None:
    second, third = Priority.objects.get(number=2), Priority.objects.get(number=3)
    sent = drawn(SheetForm, sheet, 0)
    meanwhile(cast.project, sheet, cast.bruno, status="en_cours", priority=second)
    sent["status"], sent["priority"] = "realisee", str(third.pk)
    form = send(SheetForm, sheet, sent, project=cast.project)
    assert {one.name: one.theirs for one in form.conflicts} == {
        "status": sheet.get_status_display(),
        "priority": str(second),
    }


def test_a_new_row_meets_nobody(cast: Cast, sheet: Action) -> None:
    form = LineForm(
        QueryDict("label=ARS&state=acquis&revision=0"),
        instance=FundingLine(action=sheet),
        revision=cast.project.revision,
    )
    assert form.is_valid(), form.errors


def test_a_form_with_a_prefix_is_the_same_form(cast: Cast, sheet: Action) -> None:
    meanwhile(cast.project, sheet, cast.bruno, need="Le leur")
    sent = QueryDict("a-title=Aller+vers&a-need=Le+mien&a-status=non_initiee&a-revision=0")
    with writing(cast.project, by=None):
        form = SheetForm(sent, instance=sheet, revision=1, prefix="a")
        assert not form.is_valid()
    assert [one.name for one in form.conflicts] == ["need"]
    assert form.data["a-revision"] == "1"


def test_nobody_else_costs_nothing(cast: Cast, sheet: Action, queries: Counted) -> None:
    line = FundingLineFactory.create(action=sheet)
    sent = drawn(LineForm, line, 0)
    same = queries(LineForm(sent, instance=line, revision=0).is_valid)
    later = queries(LineForm(sent, instance=line, revision=1).is_valid)
    assert later == same + 2
