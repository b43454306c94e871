"""Declares the room to Django, and its papers to the press."""

from django.apps import AppConfig


class RoadmapConfig(AppConfig):
    name = "roadmap"
    verbose_name = "Feuille de route"

    def ready(self) -> None:
        """Offer the papers of the roadmap, and its sheets to what meetings speak of."""
        # No model can be imported before every room is declared.
        from documents.enums import Format  # noqa: PLC0415
        from documents.kinds import Kind, register  # noqa: PLC0415
        from governance import ties  # noqa: PLC0415
        from roadmap import exports, forms  # noqa: PLC0415
        from roadmap.permissions import can_order_roadmap_papers  # noqa: PLC0415
        from roadmap.services.ties import tie_provider  # noqa: PLC0415

        ties.register(tie_provider())

        register(
            Kind(
                code="livret",
                label="Livret synthétique",
                description=(
                    "Couverture, sommaire, tableaux récapitulatifs par objectif du décret, puis "
                    "plannings trimestriels."
                ),
                template="roadmap/print/booklet.html",
                formats=(Format.PDF, Format.WORD),
                context=exports.booklet_context,
                title=exports.booklet_title,
                may_order=can_order_roadmap_papers,
                form=forms.LivretForm,
                standing=exports.standing_of,
                may_be_in_force=True,
            )
        )
        register(
            Kind(
                code="fiche",
                label="Fiche action",
                description="Une fiche entière : constat, objectifs, planning, pilotes, moyens.",
                template="roadmap/print/sheet.html",
                formats=(Format.PDF, Format.WORD),
                context=exports.sheet_context,
                title=exports.sheet_title,
                may_order=can_order_roadmap_papers,
                form=forms.FicheForm,
                standing=exports.standing_of,
            )
        )
        register(
            Kind(
                code="synthese",
                label="Tableau de synthèse",
                description=(
                    "Une ligne par fiche : pilotes, avancement, objectifs faits, retard, "
                    "échéances, financement."
                ),
                template="roadmap/print/table.html",
                formats=(Format.PDF, Format.WORD),
                context=exports.table_context,
                title=exports.table_title,
                may_order=can_order_roadmap_papers,
                form=forms.SyntheseForm,
                standing=exports.standing_of,
            )
        )
