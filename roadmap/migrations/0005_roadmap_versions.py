"""Versions: states of a roadmap that were frozen, to be printed and compared years later."""

import django.core.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("roadmap", "0004_last_review"),
        ("territories", "0003_suspended_memberships"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RoadmapVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)],
                        verbose_name="numéro",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("revue", "Revue"), ("officielle", "Version officielle")],
                        max_length=12,
                        verbose_name="nature",
                    ),
                ),
                ("label", models.CharField(max_length=120, verbose_name="nom")),
                ("dated_on", models.DateField(verbose_name="datée du")),
                ("reason", models.TextField(blank=True, verbose_name="motif")),
                (
                    "made_at",
                    models.DateTimeField(
                        default=django.utils.timezone.now, verbose_name="figée le"
                    ),
                ),
                (
                    "made_by_name",
                    models.CharField(blank=True, max_length=200, verbose_name="auteur"),
                ),
                ("schema", models.PositiveSmallIntegerField(verbose_name="forme du contenu")),
                ("snapshot", models.JSONField(editable=False, verbose_name="contenu")),
                (
                    "act",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="territories.formalact",
                        verbose_name="acte",
                    ),
                ),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="figée par",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="territories.project",
                        verbose_name="projet",
                    ),
                ),
            ],
            options={
                "verbose_name": "version figée",
                "verbose_name_plural": "versions figées",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("project", "number"),
                        name="roadmap_version_one_number",
                        violation_error_message="Ce numéro est déjà celui d’une autre version.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["revue", "officielle"])),
                        name="roadmap_version_known_kind",
                        violation_error_message="Ce choix n’existe pas pour «\xa0nature\xa0».",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act__isnull", False), ("kind", "officielle")),
                            models.Q(("act__isnull", True), ("kind", "revue")),
                            _connector="OR",
                        ),
                        name="roadmap_version_official_has_its_act",
                        violation_error_message="Une version officielle nomme l’acte qui l’a faite, une revue n’en a pas.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("label", ""), _negated=True),
                            ("number__gte", 1),
                            ("schema__gte", 1),
                        ),
                        name="roadmap_version_has_its_name",
                        violation_error_message="Une version a un numéro, un nom et une forme.",
                    ),
                ],
            },
        ),
    ]
