"""Declares the room to Django, and its papers to the press."""

from django.apps import AppConfig

# No model can be imported before every room is declared: each function imports what it offers.
# ruff: noqa: PLC0415


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Gouvernance"

    def ready(self) -> None:
        """Offer the papers of governance."""
        _offer_compositions()
        _offer_papers_of_meetings()
        _offer_register()
        _offer_framing_letter()
        _offer_letters_of_engagement()
        _offer_followed_lists()


def _offer_compositions() -> None:
    from documents.enums import Format
    from documents.kinds import Kind, register
    from governance.exports import compositions
    from governance.forms.composition_paper import CompositionForm
    from governance.permissions import can_read_governance

    register(
        Kind(
            code=compositions.CODE,
            label=compositions.KIND,
            description="Les instances à une date\u00a0: missions, rythme, et qui y siège.",
            template="governance/print/composition.html",
            formats=(Format.PDF, Format.WORD),
            context=compositions.composition_context,
            title=compositions.composition_title,
            may_order=can_read_governance,
            form=CompositionForm,
            stylesheets=("css/paper.css", "css/composition-paper.css"),
        )
    )


def _offer_papers_of_meetings() -> None:
    from documents.enums import Format
    from documents.kinds import Kind, register
    from governance.exports import papers
    from governance.forms.papers import MeetingForm, MinutesForm
    from governance.permissions import can_read_governance

    register(
        Kind(
            code="convocation",
            label="Convocation",
            description="Une réunion\u00a0: date, lieu, ordre du jour, décisions encore en cours.",
            template="governance/print/convocation.html",
            formats=(Format.PDF, Format.WORD),
            context=papers.convocation_context,
            title=papers.convocation_title,
            may_order=can_read_governance,
            form=MeetingForm,
            stylesheets=MEETING_LOOKS,
        )
    )
    register(
        Kind(
            code="emargement",
            label="Feuille d’émargement",
            description="La liste des personnes convoquées à une réunion, à faire signer.",
            template="governance/print/signing.html",
            formats=(Format.PDF, Format.WORD),
            context=papers.signing_context,
            title=papers.signing_title,
            may_order=can_read_governance,
            form=MeetingForm,
            stylesheets=MEETING_LOOKS,
        )
    )
    register(
        Kind(
            code="compte-rendu",
            label="Compte rendu",
            description=(
                "Une réunion tenue\u00a0: présences, points, décisions. «\u00a0Projet\u00a0» "
                "tant qu’une réunion suivante ne l’a pas validé."
            ),
            template="governance/print/minutes.html",
            formats=(Format.PDF, Format.WORD),
            context=papers.minutes_context,
            title=papers.minutes_title,
            may_order=can_read_governance,
            form=MinutesForm,
            stylesheets=MEETING_LOOKS,
        )
    )


def _offer_register() -> None:
    from documents.enums import Format
    from documents.kinds import Kind, register
    from governance.exports import papers
    from governance.forms.papers import RegisterForm
    from governance.permissions import can_read_governance

    register(
        Kind(
            code="decisions",
            label="Registre des décisions",
            description="Les décisions, leur responsable, leur échéance, leur état.",
            template="governance/print/register.html",
            formats=(Format.PDF, Format.WORD),
            context=papers.register_context,
            title=papers.register_title,
            may_order=can_read_governance,
            form=RegisterForm,
            stylesheets=MEETING_LOOKS,
        )
    )


def _offer_framing_letter() -> None:
    from documents.enums import Format
    from documents.kinds import Kind, register
    from governance.exports.letters import letter_context, letter_title
    from governance.forms.letters import LetterPaperForm
    from governance.permissions import can_read_governance

    register(
        Kind(
            code="lettre-cadrage",
            label="Lettre de cadrage",
            description=(
                "La lettre qui ouvre la démarche\u00a0: engagements, signataires, puis "
                "l’annexe avec la gouvernance et le calendrier."
            ),
            template="governance/print/letter.html",
            formats=(Format.PDF, Format.WORD),
            context=letter_context,
            title=letter_title,
            may_order=can_read_governance,
            form=LetterPaperForm,
            stylesheets=("css/paper.css", "css/letter.css"),
        )
    )


def _offer_letters_of_engagement() -> None:
    from documents.enums import Format
    from documents.kinds import Kind, register
    from governance.exports import engagement
    from governance.forms.engagement_papers import AllLettersForm, OneLetterForm
    from governance.permissions import can_lead_governance

    register(
        Kind(
            code=engagement.LETTER,
            label="Lettre d’engagement",
            description="La lettre d’une organisation partenaire, à signer et à retourner.",
            template="governance/print/engagement_letter.html",
            formats=(Format.PDF, Format.WORD),
            context=engagement.letter_context,
            title=engagement.letter_title,
            may_order=can_lead_governance,
            form=OneLetterForm,
            stylesheets=("css/paper.css", "css/engagement-paper.css"),
        )
    )
    register(
        Kind(
            code=engagement.LETTERS,
            label="Lettres d’engagement d’un envoi",
            description="Toutes les lettres d’un envoi, un PDF chacune, dans une seule archive.",
            template="governance/print/engagement_letter.html",
            context=engagement.letters_context,
            title=engagement.letters_title,
            may_order=can_lead_governance,
            form=AllLettersForm,
            stylesheets=("css/paper.css", "css/engagement-paper.css"),
            is_archive=True,
        )
    )


def _offer_followed_lists() -> None:
    from documents.enums import Format
    from documents.kinds import Kind, register
    from governance.exports import followed
    from governance.permissions import can_read_governance

    for which, description in followed.PAPERS.items():
        register(
            Kind(
                code=followed.code_of(which),
                label=str(which.label),
                description=description,
                template="governance/print/followed_list.html",
                formats=(Format.PDF, Format.WORD),
                context=followed.context_of(which),
                title=followed.title_of(which),
                may_order=can_read_governance,
                stylesheets=("css/paper.css", "css/engagement-paper.css"),
            )
        )


MEETING_LOOKS = ("css/paper.css", "css/meeting-paper.css")
