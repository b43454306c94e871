"""What sheets are sorted by: the priorities of the decree, the ANAP's themes, local axes."""

from django.db import models

from journal.tracing import TracedModel
from territories.models import Project


class Priority(models.Model):
    """One of the six priorities of the décret n° 2017-1200 (CSP, R. 3224-5 to R. 3224-10)."""

    number = models.PositiveSmallIntegerField("numéro", unique=True)
    article = models.CharField("article du code de la santé publique", max_length=20)
    short_label = models.CharField("intitulé court", max_length=120)
    text = models.TextField("texte du décret")

    class Meta:
        verbose_name = "priorité du décret"
        verbose_name_plural = "priorités du décret"

    def __str__(self) -> str:
        return f"{self.number}. {self.short_label}"


class PriorityHeading(TracedModel):
    """How one project's booklet words a priority, and what its planning part says of it."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="headings", verbose_name="projet"
    )
    priority = models.ForeignKey(
        Priority, on_delete=models.PROTECT, related_name="headings", verbose_name="priorité"
    )
    title = models.TextField("intitulé dans le livret", blank=True)
    planning_note = models.TextField("note de la partie planning", blank=True)

    subject_model = "territories.project"
    subject_path = "project_id"
    traced_with = ("priority",)

    class Meta:
        verbose_name = "intitulé de priorité"
        verbose_name_plural = "intitulés de priorité"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "priority"],
                name="roadmap_heading_once",
                violation_error_message="Cette priorité a déjà son intitulé dans ce projet.",
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.priority)


class Axis(TracedModel):
    """A local grouping of sheets: axe, thème, enjeu, as the territory calls it."""

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="axes", verbose_name="projet"
    )
    position = models.PositiveSmallIntegerField("rang", default=0)
    label = models.CharField("repère imprimé", max_length=30, blank=True)
    title = models.CharField("intitulé", max_length=300)

    subject_model = "territories.project"
    subject_path = "project_id"

    class Meta:
        verbose_name = "axe local"
        verbose_name_plural = "axes locaux"
        constraints = [
            models.UniqueConstraint(
                fields=["project", "title"],
                name="roadmap_axis_one_title",
                violation_error_message="Cet axe existe déjà dans ce projet.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} · {self.title}" if self.label else self.title


class Theme(models.Model):
    """One of the five themes by which the ANAP sorts actions."""

    position = models.PositiveSmallIntegerField("rang", unique=True)
    title = models.CharField("intitulé", max_length=120, unique=True)

    class Meta:
        verbose_name = "thème de l’ANAP"
        verbose_name_plural = "thèmes de l’ANAP"

    def __str__(self) -> str:
        return self.title
