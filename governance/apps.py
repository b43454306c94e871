"""Declares the room to Django, and its papers to the press."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "governance"
    verbose_name = "Gouvernance"

    def ready(self) -> None:
        """Offer the papers of governance."""
        # No model can be imported before every room is declared.
        from documents.kinds import Kind, register  # noqa: PLC0415
        from governance.exports import compositions  # noqa: PLC0415
        from governance.forms.composition_paper import CompositionForm  # noqa: PLC0415
        from governance.permissions import can_read_governance  # noqa: PLC0415

        register(
            Kind(
                code=compositions.CODE,
                label=compositions.KIND,
                description="Les instances à une date\u00a0: missions, rythme, et qui y siège.",
                template="governance/print/composition.html",
                context=compositions.composition_context,
                title=compositions.composition_title,
                may_order=can_read_governance,
                form=CompositionForm,
                stylesheets=("css/paper.css", "css/composition-paper.css"),
        from governance.exports import papers  # noqa: PLC0415
        from governance.forms.papers import MeetingForm, MinutesForm, RegisterForm  # noqa: PLC0415
        from governance.permissions import can_read_governance  # noqa: PLC0415

        looks = ("css/paper.css", "css/meeting-paper.css")
        register(
            Kind(
                code="convocation",
                label="Convocation",
                description=(
                    "Une réunion\u00a0: date, lieu, ordre du jour, décisions encore en cours."
                ),
                template="governance/print/convocation.html",
                context=papers.convocation_context,
                title=papers.convocation_title,
                may_order=can_read_governance,
                form=MeetingForm,
                stylesheets=looks,
            )
        )
        register(
            Kind(
                code="emargement",
                label="Feuille d’émargement",
                description="La liste des personnes convoquées à une réunion, à faire signer.",
                template="governance/print/signing.html",
                context=papers.signing_context,
                title=papers.signing_title,
                may_order=can_read_governance,
                form=MeetingForm,
                stylesheets=looks,
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
                context=papers.minutes_context,
                title=papers.minutes_title,
                may_order=can_read_governance,
                form=MinutesForm,
                stylesheets=looks,
            )
        )
        register(
            Kind(
                code="decisions",
                label="Registre des décisions",
                description="Les décisions, leur responsable, leur échéance, leur état.",
                template="governance/print/register.html",
                context=papers.register_context,
                title=papers.register_title,
                may_order=can_read_governance,
                form=RegisterForm,
                stylesheets=looks,
            )
        )
