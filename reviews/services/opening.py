"""Opening a campaign: a few minutes to think better of it, then the letters leave together."""

import datetime as dt
import logging

from django.utils import timezone

from accounts.models import User
from core.text import NBSP, counted
from journal.enums import Source
from reviews.enums import CampaignState, LetterKind, ObjectiveAnswer
from reviews.models import Campaign, Charge, ObjectiveUpdate, Respondent, Update
from reviews.models.updates import UpdateQuerySet
from reviews.services.letters import write_to
from reviews.services.preparing import writing_draft
from reviews.summaries.letters import opening_letter
from reviews.summaries.recipients import Recipient, Recipients, recipients_of
from reviews.writing import ReviewRefused, writing_campaign
from roadmap.enums import ObjectiveState
from roadmap.models import Action
from roadmap.services.reviewed import state_of
from roadmap.summaries import leaves_of

logger = logging.getLogger(__name__)

TIME_TO_STOP = dt.timedelta(minutes=10)

ANSWER_OF_STATE = {
    ObjectiveState.TODO: ObjectiveAnswer.TODO,
    ObjectiveState.RUNNING: ObjectiveAnswer.RUNNING,
    ObjectiveState.DONE: ObjectiveAnswer.DONE,
}


def schedule_opening(*, campaign: Campaign, by: User, at: dt.datetime | None = None) -> Campaign:
    """Let the letters leave ten minutes from now, or on the morning of the opening day.

    Raises `ReviewRefused` without a sheet, when the due date is past, or when another campaign is
    under way. About ten queries.
    """
    now = at or timezone.now()
    with writing_draft(campaign, by=by) as writing:
        present = writing.campaign
        if not present.updates.exists():
            raise ReviewRefused("Cette revue n’a aucune fiche\u00a0: choisissez-en avant d’ouvrir.")
        if present.days_left(at=now) < 0:
            raise ReviewRefused("La date limite de réponse est passée\u00a0: repoussez-la d’abord.")
        other = Campaign.objects.of(present.project).running().exclude(pk=present.pk).first()
        if other is not None:
            raise ReviewRefused(
                f"La revue {other.reviewed} est encore ouverte\u00a0: une seule à la fois."
            )
        present.letters_leave_at = leaving_moment(present, at=now)
        present.state = CampaignState.OPENING
        present.lead_by(by)
        present.save()
        writing.made.words = f"a demandé l’ouverture de la revue {present.reviewed}"
    return present


def leaving_moment(campaign: Campaign, *, at: dt.datetime) -> dt.datetime:
    """When the letters would leave, were it opened at that moment. Expects the place."""
    return max(at + TIME_TO_STOP, campaign.morning_of(campaign.opens_on))


def stop_opening(*, campaign: Campaign, by: User) -> None:
    """Keep the letters from leaving; raises `ReviewRefused` when they have left already."""
    with writing_campaign(campaign, by=by) as writing:
        present = writing.campaign
        if not present.is_opening:
            raise ReviewRefused("Les courriels sont déjà partis\u00a0: la revue est ouverte.")
        present.state = CampaignState.DRAFT
        present.letters_leave_at = None
        present.save()
        writing.made.words = f"a arrêté l’ouverture de la revue {present.reviewed}"


def open_due(*, at: dt.datetime | None = None) -> int:
    """Open every campaign whose hour has come; gives how many. Harmless to repeat."""
    moment = at or timezone.now()
    opened = 0
    for campaign in Campaign.objects.to_open(at=moment).with_place().order_by("letters_leave_at"):
        try:
            opened += _open(campaign, moment)
        except ReviewRefused as refusal:
            logger.warning("Campaign %s was not opened: %s", campaign.pk, refusal)
        except Exception:
            # The others open all the same; this one is tried again at the next tick.
            logger.exception("Campaign %s was not opened", campaign.pk)
    return opened


def _open(campaign: Campaign, moment: dt.datetime) -> bool:
    """Open one campaign, unless another clock did, or its lead stopped it meanwhile."""
    with writing_campaign(
        campaign, by=None, source=Source.CLOCK, signed=campaign.led_by_name
    ) as writing:
        present = writing.campaign
        if not present.is_opening or (present.letters_leave_at or moment) > moment:
            return False
        present.state = CampaignState.OPEN
        present.opened_at = moment
        present.save()
        prefill(present.updates.all())
        recipients = recipients_of(present)
        for respondent, one in _ask(present, recipients):
            letter = opening_letter(present, one.updates, at=moment)
            write_to(
                respondent,
                kind=LetterKind.OPENING,
                subject=letter.subject,
                context=letter.context,
                occasion="ouverture",
                at=moment,
            )
        asked = len(recipients.reachable)
        told = counted(asked, "courriel demandé", "courriels demandés")
        writing.made.words = f"a ouvert la revue {present.reviewed}{NBSP}: {told}"
    logger.info("Campaign %s opened, %s letters", campaign.pk, asked)
    return True


def prefill(asked: UpdateQuerySet) -> None:
    """Each answer begins as the sheet stands; a sheet retired meanwhile is no longer asked about.

    Five queries, and those of the journal.
    """
    updates = {update.action_id: update for update in asked}
    sheets = list(Action.objects.live().filter(pk__in=updates).for_counts())
    asked.exclude(action__in=[sheet.pk for sheet in sheets]).delete()
    objectives = []
    for sheet in sheets:
        update = updates[sheet.pk]
        update.status, update.status_reason = sheet.status, sheet.status_reason
        update.weather = sheet.weather
        update.basis = state_of(sheet)
        objectives += _objectives(update, sheet)
    names = ["status", "status_reason", "weather", "basis"]
    Update.objects.bulk_update([updates[sheet.pk] for sheet in sheets], names)
    ObjectiveUpdate.objects.bulk_create(objectives)


def _objectives(update: Update, sheet: Action) -> list[ObjectiveUpdate]:
    """One line an objective, but for those given up."""
    return [
        ObjectiveUpdate(
            update=update,
            objective=leaf,
            position=position,
            printed=leaf.printed,
            answer=ANSWER_OF_STATE[ObjectiveState(leaf.state)],
        )
        for position, leaf in enumerate(leaves_of(sheet), start=1)
        if leaf.state != ObjectiveState.DROPPED
    ]


def _ask(campaign: Campaign, recipients: Recipients) -> list[tuple[Respondent, Recipient]]:
    """Write down whom it asks about what; gives those to whom a letter leaves."""
    respondents = Respondent.objects.bulk_create(
        Respondent(
            campaign=campaign,
            person=one.person,
            name=str(one.person),
            email=one.person.email,
        )
        for one in recipients.people
    )
    Charge.objects.bulk_create(
        Charge(respondent=respondent, update=update)
        for respondent, one in zip(respondents, recipients.people, strict=True)
        for update in one.updates
    )
    written = zip(respondents, recipients.people, strict=True)
    return [(respondent, one) for respondent, one in written if one.can_be_reached]
