"""Declares the room to Django, and its papers to the press."""

from django.apps import AppConfig


class OverviewConfig(AppConfig):
    name = "overview"
    verbose_name = "Vue d’ensemble"

    def ready(self) -> None:
        """Offer the workbook of several territories, and what somebody holds."""
        # No model can be imported before every room is declared.
        from documents.kinds import Kind, register  # noqa: PLC0415
        from governance.permissions import can_read_governance  # noqa: PLC0415
        from overview import exports  # noqa: PLC0415
        from overview.forms import HandoverPaperForm  # noqa: PLC0415
        from roadmap.permissions import can_order_roadmap_papers  # noqa: PLC0415

        register(
            Kind(
                code=exports.CODE,
                label="Fiches de plusieurs territoires",
                description="Un classeur Excel, pour lire\u00a0: les fiches et leurs objectifs.",
                context=exports.sheets_context,
                title=exports.sheets_title,
                may_order=can_order_roadmap_papers,
                workbook=exports.sheets_workbook,
                stylesheets=(),
                is_personal=True,
            )
        )
        register(
            Kind(
                code=exports.HANDOVER,
                label=exports.HANDOVER_KIND,
                description=(
                    "Ce que tient une personne\u00a0: sièges, fiches, réponses attendues, "
                    "décisions, réunions, avec les échéances et les dernières nouvelles."
                ),
                template="overview/print/handover.html",
                context=exports.handover_context,
                title=exports.handover_title,
                may_order=can_read_governance,
                form=HandoverPaperForm,
                stylesheets=("css/paper.css", "css/handover-paper.css"),
            )
        )
