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
            )
        )
