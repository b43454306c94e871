"""What its lead changes of a campaign that is open: its calendar, and the sheets it asks about."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.utils import timezone

from accounts.models import User
from core.text import NBSP, day_in_words, listed
from reviews.enums import LetterKind, UpdateState
from reviews.models import Campaign, Charge, Respondent, Update
from reviews.services.letters import follow_directory, write_to
from reviews.services.links import prolong_links
from reviews.services.opening import prefill
from reviews.summaries.letters import opening_letter
from reviews.summaries.recipients import Recipient, Recipients, recipients_for
from reviews.writing import CampaignGesture, ReviewRefused, writing_open
from roadmap.models import Action

# --- The calendar -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Calendar:
    """The due date and the reminders of a campaign, as they were before a change."""

    due_on: dt.date
    days: tuple[int, ...]

    def last_before(self, campaign: Campaign, *, at: dt.datetime) -> dt.datetime | None:
        """The hour of the latest reminder that is past. Expects the place."""
        moments = (campaign.morning_of(self.due_on + dt.timedelta(days=days)) for days in self.days)
        return max((moment for moment in moments if moment <= at), default=None)


def calendar_of(campaign: Campaign) -> Calendar:
    """What `follow_calendar` compares with, once the campaign is changed. No query."""
    return Calendar(campaign.due_on, tuple(campaign.reminder_days))


def follow_calendar(
    *, writing: CampaignGesture, before: Calendar, at: dt.datetime | None = None
) -> None:
    """Once the calendar of an open campaign is saved, let everything else follow it.

    A reminder that the new calendar puts in the past does not leave at once; links open as long as
    they would; a delay given to one sheet that ends no later than the new date is dropped. Inside
    the gesture that changed it; about five queries.
    """
    present, now = writing.campaign, at or timezone.now()
    after = calendar_of(present)
    if after == before:
        return
    last = after.last_before(present, at=now)
    if last is not None and last != before.last_before(present, at=now):
        present.rescheduled_at = now
        present.save(update_fields=["rescheduled_at"])
    if after.due_on != before.due_on:
        prolong_links(present)
        shorter = Update.objects.filter(campaign=present, due_on__lte=present.due_on)
        shorter.update(due_on=None, due_reason="")


# --- The sheets ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class SheetChange:
    """What would become of an open campaign: who is written to about what, what is taken out."""

    added: tuple[Action, ...]
    removed: tuple[Update, ...]
    recipients: Recipients

    @property
    def is_empty(self) -> bool:
        return not self.added and not self.removed


def sheet_change(
    campaign: Campaign,
    *,
    sheets: Collection[int],
    seen: Collection[int],
    at: dt.datetime | None = None,
) -> SheetChange:
    """What ticking these sheets would do, `seen` being those that the page showed as ticked.

    Raises `ReviewRefused` when a sheet that was answered, or begun, would be taken out, when none
    would be left, and when one is added past the due date. Four queries.
    """
    wanted, shown = set(sheets), set(seen)
    asked = {
        update.action_id: update for update in campaign.updates.select_related("action").in_order()
    }
    # What somebody else added or took out meanwhile stays so.
    added = Action.objects.of(campaign.project).filter(pk__in=wanted - shown - set(asked))
    removed = [update for key, update in asked.items() if key in shown - wanted]
    _refuse_what_was_answered(removed)
    sheets_added = tuple(added.in_order())
    if len(removed) == len(asked) and not sheets_added:
        raise ReviewRefused("Gardez au moins une fiche\u00a0: la revue n’en aurait plus aucune.")
    if sheets_added and campaign.days_left(at=at) < 0:
        raise ReviewRefused(
            f"La date limite de réponse est passée{NBSP}: repoussez-la d’abord, dans "
            f"«{NBSP}Dates et textes{NBSP}», puis ajoutez la fiche."
        )
    asked_anew = [Update(campaign=campaign, action=sheet) for sheet in sheets_added]
    return SheetChange(sheets_added, tuple(removed), recipients_for(asked_anew))


def _refuse_what_was_answered(removed: Iterable[Update]) -> None:
    told = [
        f"la fiche{NBSP}{update.action.number} ({update.get_state_display().lower()})"
        for update in removed
        if update.state != UpdateState.TO_FILL
    ]
    if told:
        raise ReviewRefused(
            f"Une fiche déjà répondue ou commencée ne se retire pas{NBSP}: {listed(told)}. "
            "Cochez-la à nouveau\u00a0; rien n’a été changé."
        )


@dataclass(frozen=True)
class SheetsChanged:
    """What became of an open campaign."""

    added: int
    removed: int
    # To whom a mail leaves.
    names: tuple[str, ...]


def change_sheets(
    *,
    campaign: Campaign,
    sheets: Collection[int],
    seen: Collection[int],
    by: User,
    at: dt.datetime | None = None,
) -> SheetsChanged:
    """Ask about more sheets, or fewer, in a campaign that is open; write to the new sheets' pilots.

    Sent twice, the second time finds nothing to do. Raises `ReviewRefused` as `sheet_change` does.
    About twenty queries, and six a mail.
    """
    now = at or timezone.now()
    with writing_open(campaign, by=by) as writing:
        present = writing.campaign
        change = sheet_change(present, sheets=sheets, seen=seen, at=now)
        if change.is_empty:
            return SheetsChanged(0, 0, ())
        Update.objects.filter(pk__in=[update.pk for update in change.removed]).delete()
        updates = _ask_about(present, change.added, now)
        names = _write_to_pilots(present, updates, now)
        writing.made.words = _words_of(present, change)
    return SheetsChanged(len(change.added), len(change.removed), tuple(names))


def _ask_about(campaign: Campaign, sheets: Iterable[Action], now: dt.datetime) -> list[Update]:
    Update.objects.bulk_create(
        Update(campaign=campaign, action=sheet, asked_at=now) for sheet in sheets
    )
    keys = [sheet.pk for sheet in sheets]
    prefill(campaign.updates.filter(action__in=keys))
    added = list(campaign.updates.filter(action__in=keys).select_related("action").in_order())
    for update in added:
        update.campaign = campaign
    return added


def _write_to_pilots(campaign: Campaign, updates: list[Update], now: dt.datetime) -> list[str]:
    """One mail to each pilot of the new sheets who has an address, about these alone."""
    told = []
    for one in recipients_for(updates).people:
        respondent = _respondent_for(campaign, one)
        Charge.objects.bulk_create(
            Charge(respondent=respondent, update=update) for update in one.updates
        )
        if not respondent.email:
            continue
        letter = opening_letter(campaign, one.updates, at=now)
        write_to(
            respondent,
            kind=LetterKind.OPENING,
            subject=letter.subject,
            context=letter.context,
            occasion=f"ajout {one.updates[0].pk}",
            at=now,
        )
        told.append(respondent.name)
    return told


def _respondent_for(campaign: Campaign, one: Recipient) -> Respondent:
    """Who is asked already, or somebody new."""
    theirs = Respondent.objects.select_related("person").filter(campaign=campaign)
    known = theirs.filter(person=one.person).first()
    if known is None:
        known = Respondent(
            campaign=campaign, person=one.person, name=str(one.person), email=one.person.email
        )
        known.save()
    known.campaign = campaign
    follow_directory(known)
    return known


def _words_of(campaign: Campaign, change: SheetChange) -> str:
    """« a ajouté la fiche 4 à la revue T4 2026 et en a retiré la fiche 2 »."""
    added = _numbers([sheet.number for sheet in change.added])
    removed = _numbers([update.action.number for update in change.removed])
    if not added:
        return f"a retiré {removed} de la revue {campaign.reviewed}"
    also = f", et en a retiré {removed}" if removed else ""
    return f"a ajouté {added} à la revue {campaign.reviewed}{also}"


def _numbers(numbers: list[int]) -> str:
    if not numbers:
        return ""
    told = listed([str(number) for number in numbers])
    return f"la fiche{NBSP}{told}" if len(numbers) == 1 else f"les fiches {told}"


def calendar_in_words(*, before: Calendar, campaign: Campaign) -> str:
    """What the journal adds of a due date that was moved; blank when it was not."""
    if before.due_on == campaign.due_on:
        return ""
    return (
        f", date limite du {day_in_words(before.due_on)} portée au {day_in_words(campaign.due_on)}"
    )
