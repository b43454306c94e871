"""Declares the room to Django, and its papers to the press."""

from django.apps import AppConfig


class ReviewsConfig(AppConfig):
    name = "reviews"
    verbose_name = "Revues trimestrielles"

    def ready(self) -> None:
        """Offer the papers of the reviews."""
        # No model can be imported before every room is declared.
        from documents.enums import Format  # noqa: PLC0415
        from documents.kinds import Kind, register  # noqa: PLC0415
        from reviews import exports  # noqa: PLC0415
        from reviews.forms.papers import FormulaireForm, RapportForm  # noqa: PLC0415
        from reviews.permissions import can_lead_review, can_read_review  # noqa: PLC0415

        register(
            Kind(
                code="rapport",
                label="Rapport trimestriel",
                description=(
                    "Une revue clôturée\u00a0: ce qui a changé, ce qu’il faut examiner, le "
                    "tableau de suivi, puis ce qui a été dit de chaque fiche."
                ),
                template="reviews/print/report.html",
                workbook=exports.report_workbook,
                formats=(Format.PDF, Format.WORD, Format.EXCEL),
                context=exports.report_context,
                title=exports.report_title,
                may_order=can_read_review,
                form=RapportForm,
                standing=exports.report_standing,
                stylesheets=("css/paper.css", "css/report.css"),
            )
        )
        register(
            Kind(
                code="formulaire",
                label="Formulaire papier",
                description=(
                    "Pour répondre sans ordinateur à la revue ouverte\u00a0: une page par fiche, "
                    "des cases à cocher et des lignes pour écrire."
                ),
                template="reviews/print/blank.html",
                formats=(Format.PDF, Format.WORD),
                context=exports.blank_context,
                title=exports.blank_title,
                may_order=can_lead_review,
                form=FormulaireForm,
                stylesheets=("css/paper.css", "css/report.css"),
            )
        )
