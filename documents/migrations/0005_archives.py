"""Archives: one order for many papers, which says how many of them are printed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("documents", "0004_frozen_papers"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="part_count",
            field=models.PositiveIntegerField(default=0, verbose_name="nombre de pièces"),
        ),
        migrations.AddField(
            model_name="document",
            name="parts_done",
            field=models.PositiveIntegerField(default=0, verbose_name="pièces imprimées"),
        ),
    ]
