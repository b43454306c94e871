"""A closed campaign keeps all that its report says, and is not closed without it."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("reviews", "0002_late_texts"), ("roadmap", "0005_roadmap_versions")]

    operations = [
        migrations.AddField(
            model_name="campaign",
            name="frozen",
            field=models.JSONField(blank=True, editable=False, null=True, verbose_name="état figé"),
        ),
        migrations.AddField(
            model_name="campaign",
            name="version",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="campaign",
                to="roadmap.roadmapversion",
                verbose_name="version de la feuille de route",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                name="reviews_campaign_closed_is_frozen",
                condition=~Q(state="cloturee") | Q(closed_at__isnull=False, frozen__isnull=False),
                violation_error_message="Une revue clôturée garde ce qu’elle dit.",
            ),
        ),
    ]
