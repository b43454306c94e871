"""Correcting a closed review: another edition of it, which says why; the closed one stays."""

import datetime as dt

from django.utils import timezone

from accounts.models import User
from core.text import NBSP
from journal.recording import gesture
from reviews.enums import CampaignState
from reviews.models import Campaign, Charge, Evidence, ObjectiveUpdate, Respondent, Update
from reviews.summaries.board import updates_of
from reviews.writing import ReviewRefused
from roadmap.models import Action
from roadmap.services.reviewed import state_of
from territories.models import Project

# What was answered comes back as it was, and what was only begun as far as it went.
COPIED = (
    "state",
    "status",
    "status_reason",
    "weather",
    "done",
    "difficulties",
    "next_steps",
    "help_asked",
    "is_unchanged",
    "return_words",
    "submitted_at",
    "validated_at",
    "answered_from",
    "answered_name",
)


def reopen_campaign(*, campaign: Campaign, reason: str, due_on: dt.date, by: User) -> Campaign:
    """Open another edition of a closed review, with its answers as they were; no mail leaves.

    Links already sent open the closed edition: the lead reminds whom they need. Raises
    `ReviewRefused` when it is not closed, when another edition or a later review exists, or when
    another one is under way. About thirty queries, however many sheets.
    """
    with gesture(by=by) as made:
        # Two leads at the same moment: the second one waits here, and finds the first one's.
        Project.objects.select_for_update().filter(pk=campaign.project_id).first()
        _check(campaign, due_on)
        again = Campaign(
            project=campaign.project,
            quarter=campaign.quarter,
            edition=campaign.edition + 1,
            follows=campaign,
            reopening_reason=reason,
            state=CampaignState.OPEN,
            opens_on=campaign.project.territory.today(),
            due_on=due_on,
            letter_subject=campaign.letter_subject,
            letter_text=campaign.letter_text,
            reminder_text=campaign.reminder_text,
            reminder_days=campaign.reminder_days,
            opened_at=timezone.now(),
        )
        again.lead_by(by)
        again.save()
        made.concerns(again.scope, again.revise)
        made.words = f"a rouvert la revue {campaign.reviewed}{NBSP}: {reason}"
        _copy_answers(campaign, again)
    return again


def _check(campaign: Campaign, due_on: dt.date) -> None:
    present = Campaign.objects.with_place().get(pk=campaign.pk)
    if not present.is_closed:
        raise ReviewRefused("Cette revue n’est pas clôturée\u00a0: elle se corrige telle quelle.")
    if due_on < present.project.territory.today():
        raise ReviewRefused("Choisissez une date limite à venir.")
    others = Campaign.objects.of(present.project).exclude(pk=present.pk)
    pending = others.exclude(state=CampaignState.CLOSED).first()
    if pending is not None:
        raise ReviewRefused(
            f"La revue {pending.reviewed} n’est pas terminée{NBSP}: clôturez-la, ou retirez-la, "
            "avant d’en rouvrir une autre."
        )
    latest = others.first()
    if latest is not None and (latest.quarter, latest.edition) > (present.quarter, present.edition):
        raise ReviewRefused(
            f"La {latest} est plus récente{NBSP}: c’est elle qui se rouvre. Celle-ci reste lisible."
        )


def _copy_answers(closed: Campaign, again: Campaign) -> None:
    """Who is asked about what, and what they had said; a sheet retired since is left out."""
    updates = updates_of(closed)
    keys = [update.action_id for update in updates]
    sheets = {sheet.pk: sheet for sheet in Action.objects.live().filter(pk__in=keys).for_list()}
    kept = [update for update in updates if update.action_id in sheets]
    respondents = _copy_respondents(closed, again)
    copies = Update.objects.bulk_create(
        _copy(update, again, sheets[update.action_id], respondents) for update in kept
    )
    pairs = list(zip(kept, copies, strict=True))
    ObjectiveUpdate.objects.bulk_create(
        ObjectiveUpdate(
            update=copy,
            objective_id=line.objective_id,
            position=line.position,
            printed=line.printed,
            answer=line.answer,
            slipped_to=line.slipped_to,
            slip_reason=line.slip_reason,
        )
        for update, copy in pairs
        for line in update.objectives.all()
    )
    Charge.objects.bulk_create(
        Charge(respondent=respondents[each.pk], update=copy)
        for update, copy in pairs
        for each in update.respondents.all()
    )
    Evidence.objects.bulk_create(
        Evidence(update=copy, attachment=each.attachment)
        for update, copy in pairs
        for each in update.evidence.all()
    )


def _copy(
    update: Update, again: Campaign, sheet: Action, respondents: dict[int, Respondent]
) -> Update:
    return Update(
        campaign=again,
        action=sheet,
        basis=state_of(sheet),
        answered_by=respondents.get(update.answered_by_id or 0),
        **{name: getattr(update, name) for name in COPIED},
    )


def _copy_respondents(closed: Campaign, again: Campaign) -> dict[int, Respondent]:
    """By key in the closed edition."""
    earlier = list(closed.respondents.order_by("pk"))
    copies = Respondent.objects.bulk_create(
        Respondent(campaign=again, person_id=each.person_id, name=each.name, email=each.email)
        for each in earlier
    )
    known = {each.pk: copy for each, copy in zip(earlier, copies, strict=True)}
    handed = [each for each in earlier if each.handed_by_id]
    for each in handed:
        known[each.pk].handed_by = known[each.handed_by_id or 0]
    Respondent.objects.bulk_update([known[each.pk] for each in handed], ["handed_by"])
    return known
