"""The framing letter: where it stands, and each of its parts."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from core.http import SignedInRequest, readonly_view, require, writes
from core.text import NBSP, counted
from governance.enums import LetterPart, PartState
from governance.forms.letters import ChecksForm, SectionForm
from governance.models import FramingLetter, LetterSection
from governance.permissions import can_lead_governance
from governance.services.letters import (
    follow_checks,
    keep_part,
    keep_the_rest,
    prepare_letter,
    restore_part,
    settle_part,
    writing_letter,
)
from governance.summaries.letters import (
    COLUMNS,
    compare,
    framing_checks,
    letter_facts,
    letter_summary,
    model_of,
)
from governance.writing import GovernanceRefused
from journal.models import ChangeSet
from territories.models import Project

HISTORY = 12


@readonly_view
def letter_detail(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """The latest version of the letter; how to prepare it when there is none."""
    return _detail(request, project_pk)


@readonly_view
def letter_version(request: SignedInRequest, project_pk: int, number: int) -> HttpResponse:
    """One version of the letter."""
    return _detail(request, project_pk, number)


def _detail(request: SignedInRequest, project_pk: int, number: int = 0) -> HttpResponse:
    """About ten queries."""
    project = letter_project(request, project_pk)
    letters = list(FramingLetter.objects.of(project).with_place())
    leads = can_lead_governance(request.user, project)
    context = letter_page(project) | {"letters": letters, "can_lead": leads}
    context["checks"] = framing_checks(project)
    if not letters:
        return render(request, "governance/letters/letter_detail.html", context)
    letter = _named(letters, number)
    context |= {
        "letter": letter,
        "is_latest": letter == letters[0],
        "before": next((each for each in letters if each.number == letter.number - 1), None),
        "summary": letter_summary(letter),
        "facts": letter_facts(letter),
        "history": ChangeSet.objects.of(letter.scope).latest_first()[:HISTORY],
    }
    return render(request, "governance/letters/letter_detail.html", context)


def _named(letters: list[FramingLetter], number: int) -> FramingLetter:
    if not number:
        return letters[0]
    found = next((letter for letter in letters if letter.number == number), None)
    if found is None:
        raise Http404
    return found


@writes("POST")
def letter_prepare(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Begin the letter, or its next version; a reading goes back to its page."""
    project = letter_project(request, project_pk)
    require(can_lead_governance(request.user, project))
    if request.method == "POST":
        letter = prepare_letter(project=project, by=request.user)
        messages.success(
            request,
            f"La version {letter.number} est prête à relire{NBSP}: chaque partie est déjà écrite.",
        )
    return redirect("governance:letter_detail", project_pk)


@writes("POST")
def letter_keep_rest(request: SignedInRequest, project_pk: int, number: int) -> HttpResponse:
    """Say that everything left to read stands as it is; a reading goes back to the letter."""
    letter = letter_to_lead(request, project_pk, number)
    if request.method == "POST":
        try:
            kept = keep_the_rest(letter=letter, by=request.user)
            messages.success(request, f"{counted(kept, 'partie gardée', 'parties gardées')}.")
        except GovernanceRefused as refusal:
            messages.error(request, str(refusal))
    return redirect("governance:letter_version", project_pk, number)


@writes("POST")
def section_edit(request: SignedInRequest, project_pk: int, number: int, part: str) -> HttpResponse:
    """One part: kept as it is, rewritten, or given back the sentences of the model."""
    letter = letter_to_lead(request, project_pk, number)
    # What was typed while somebody proposed the letter is shown again, to be copied.
    if request.method != "POST" and not letter.is_draft:
        return redirect("governance:letter_version", project_pk, number)
    section = get_object_or_404(letter.sections, part=part)
    section.letter = letter
    form = SectionForm(instance=section, revision=letter.revision)
    if request.method == "POST":
        answer = _acted(request, letter, part)
        if isinstance(answer, HttpResponse):
            return answer
        form = answer
    return render(request, "governance/letters/section_edit.html", _section_page(letter, form))


def _acted(
    request: SignedInRequest, letter: FramingLetter, part: str
) -> HttpResponse | SectionForm:
    """Where to go next, or the form when something is to be corrected."""
    do = request.POST.get("do", "")
    try:
        if do == "garder":
            keep_part(letter=letter, part=part, by=request.user)
            return _next(request, letter, "Gardé tel quel.")
        if do == "modele":
            restore_part(letter=letter, part=part, by=request.user)
            messages.success(
                request, "Le texte du modèle est revenu.", extra_tags=_draft(letter, part)
            )
            return redirect("governance:section_edit", letter.project_id, letter.number, part)
        form = _saved(request, letter, part)
    except GovernanceRefused as refusal:
        section = letter.sections.get(part=part)
        section.letter = letter
        form = SectionForm(request.POST, instance=section, revision=letter.revision)
        form.add_error(None, str(refusal))
    if form.errors:
        return form
    told = "Enregistré." if form.changed_labels else "Rien n’avait changé."
    return _next(request, letter, told, extra_tags=_draft(letter, part))


def _saved(request: SignedInRequest, letter: FramingLetter, part: str) -> SectionForm:
    """The form once sent; without errors, it is saved."""
    with writing_letter(letter, by=request.user) as under_way:
        present = under_way.letter
        section = present.sections.get(part=part)
        section.letter = present
        was = LetterSection(part=part, text=section.text, lines=section.lines)
        form = SectionForm(request.POST, instance=section, revision=present.revision)
        if form.is_valid():
            settle_part(section=section, was=was)
            form.save()
            under_way.made.words = f"a écrit «{NBSP}{section}{NBSP}»"
    return form


def _draft(letter: FramingLetter, part: str) -> str:
    return f"draft:lettre-{letter.pk}-{part}"


def _next(
    request: SignedInRequest, letter: FramingLetter, told: str, extra_tags: str = ""
) -> HttpResponse:
    """The next part that nobody has read, or the letter once all of them were."""
    following = letter_summary(letter).next
    wants = request.POST.get("ensuite") and following is not None
    messages.success(request, told, extra_tags=extra_tags)
    if wants and following is not None:
        return redirect(
            "governance:section_edit", letter.project_id, letter.number, following.section.part
        )
    return redirect("governance:letter_version", letter.project_id, letter.number)


def _section_page(letter: FramingLetter, form: SectionForm) -> dict[str, Any]:
    section: LetterSection = form.instance
    facts = letter_facts(letter)
    model = model_of(letter, section.part, facts)
    summary = letter_summary(letter)
    parts = [line.section.part for line in summary.lines]
    return letter_page(letter.project) | {
        "letter": letter,
        "form": form,
        "section": "governance",
        "part": section,
        "rank": parts.index(section.part) + 1,
        "summary": summary,
        "facts": facts,
        "columns": COLUMNS.get(section.part, ()),
        "is_kept": section.state != PartState.TO_READ,
        "shows_identity": section.part == LetterPart.GROUND,
        "bodies": {
            LetterPart.STEERING: facts.steering,
            LetterPart.GROUPS: facts.groups,
        }.get(LetterPart(section.part)),
        "is_model": (section.text, section.lines) == (model.text, model.lines),
    }


@readonly_view
def letter_compare(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """Two versions side by side, part by part."""
    project = letter_project(request, project_pk)
    letters = list(FramingLetter.objects.of(project).with_place())
    context = letter_page(project) | {"letters": letters, "parts": []}
    if len(letters) > 1:
        after = _chosen(letters, request.GET.get("a", ""), letters[0])
        before = _chosen(letters, request.GET.get("de", ""), letters[1])
        parts = compare(before, after)
        context |= {
            "before": before,
            "after": after,
            "parts": parts,
            "changed": [part for part in parts if not part.is_same],
            "same": [part for part in parts if part.is_same],
        }
    return render(request, "governance/letters/letter_compare.html", context)


def _chosen(letters: list[FramingLetter], typed: str, otherwise: FramingLetter) -> FramingLetter:
    return next((letter for letter in letters if str(letter.number) == typed), otherwise)


@writes("POST")
def framing_means(request: SignedInRequest, project_pk: int) -> HttpResponse:
    """What the framing phase must settle, followed."""
    project = letter_project(request, project_pk)
    require(can_lead_governance(request.user, project))
    sent = request.POST if request.method == "POST" else None
    form = ChecksForm(sent, lines=framing_checks(project))
    if form.is_valid():
        follow_checks(project=project, answers=form.answers, by=request.user)
        messages.success(request, "La liste est enregistrée.")
        return redirect("governance:letter_detail", project_pk)
    context = letter_page(project) | {"form": form}
    return render(request, "governance/letters/framing_means.html", context)


def letter_project(request: SignedInRequest, pk: int) -> Project:
    """A project whose letters this person reads, with its place. One query."""
    return get_object_or_404(Project.objects.visible_to(request.user).with_place(), pk=pk)


def readable_letter(request: SignedInRequest, project_pk: int, number: int) -> FramingLetter:
    """A version that this person reads, with its place and scan. One query."""
    letters = FramingLetter.objects.visible_to(request.user).with_place()
    return get_object_or_404(letters, project=project_pk, number=number)


def letter_to_lead(request: SignedInRequest, project_pk: int, number: int) -> FramingLetter:
    """A version that this person leads. Two queries."""
    letter = readable_letter(request, project_pk, number)
    require(can_lead_governance(request.user, letter.project))
    return letter


def letter_page(project: Project) -> dict[str, Any]:
    """What the navigation shows around these pages. Expects the place."""
    return {"territory": project.territory, "project": project, "section": "governance"}
