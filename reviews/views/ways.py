"""By which way somebody came to an answer: the pages are the same, their addresses differ."""

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.shortcuts import resolve_url
from django.urls import reverse

from accounts.models import User
from core.text import fold
from reviews.enums import AnsweredFrom
from reviews.models import Respondent, Update
from reviews.services.answering import Answerer

BY_LINK = {
    "answer": "reviews:link_answer",
    "evidence": "reviews:link_evidence",
    "hand_over": "reviews:link_hand_over",
    "leave": "reviews:link_leave",
}
BY_ACCOUNT = {
    "answer": "reviews:answer_edit",
    "evidence": "reviews:answer_evidence",
    "hand_over": "reviews:answer_hand_over",
    "leave": "reviews:answer_leave",
}


@dataclass(frozen=True)
class Way:
    """A mail's link, one's own account, or that of whoever leads the review."""

    origin: AnsweredFrom
    respondent: Respondent | None = None
    user: User | None = None
    link: int | None = None

    @property
    def is_link(self) -> bool:
        return self.origin == AnsweredFrom.LINK

    @property
    def is_lead(self) -> bool:
        return self.origin == AnsweredFrom.LEAD

    @property
    def can_pass_on(self) -> bool:
        """The sheet was given to them: they hand it over, or give it back."""
        return self.respondent is not None and not self.is_lead

    def answerer(self, update: Update, *, on_behalf: str = "") -> Answerer:
        """Who signs. A lead names a pilot, who may be one of those asked. Expects respondents."""
        respondent = self.respondent
        if self.is_lead:
            named = [one for one in update.respondents.all() if fold(one.name) == fold(on_behalf)]
            respondent = named[0] if named else None
        return Answerer(
            origin=self.origin,
            user=self.user,
            respondent=respondent,
            on_behalf=respondent.name if respondent and self.is_lead else on_behalf,
            link=self.link,
        )

    def to(self, page: str, update: Update, *more: int) -> str:
        """The address of one of its pages: answer, evidence, hand_over, leave."""
        if self.is_link and self.respondent is not None:
            return reverse(BY_LINK[page], args=[self.respondent.pk, update.pk, *more])
        return reverse(BY_ACCOUNT[page], args=[update.pk, *more])

    def home(self, update: Update) -> str:
        """Where all that is expected of them stands; for a lead, the board of the review."""
        if self.is_link and self.respondent is not None:
            return reverse("reviews:link_sheets", args=[self.respondent.pk])
        if self.is_lead:
            return reverse("reviews:campaign_board", args=[update.campaign_id])
        return resolve_url(settings.LOGIN_REDIRECT_URL)

    def around(self, update: Update) -> dict[str, Any]:
        """What every page of an answer holds. Expects the place; no query."""
        return {
            "layout": "reviews/answer/by_link.html" if self.is_link else "base.html",
            "way": self,
            "update": update,
            "campaign": update.campaign,
            "territory": update.campaign.project.territory,
            "project": update.campaign.project,
            "action": update.action,
            "section": "reviews",
            "draft_owner": f"lien-{self.respondent.pk}" if self.is_link and self.respondent else "",
            "draft": f"reponse-{update.pk}",
            "home": self.home(update),
            "to_answer": self.to("answer", update),
            "to_hand_over": self.to("hand_over", update) if self.can_pass_on else "",
            "to_leave": self.to("leave", update) if self.can_pass_on else "",
        }
