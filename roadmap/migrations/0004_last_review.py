"""A sheet says how its last review found it."""

from django.db import migrations, models

import core.fields


class Migration(migrations.Migration):
    dependencies = [
        ("roadmap", "0003_column_mappings"),
        ("territories", "0003_suspended_memberships"),
    ]

    operations = [
        migrations.AddField(
            model_name="action",
            name="reviewed_quarter",
            field=core.fields.QuarterField(blank=True, null=True, verbose_name="dernière revue"),
        ),
        migrations.AddField(
            model_name="action",
            name="weather",
            field=models.CharField(
                blank=True,
                choices=[
                    ("securises", "Objectifs sécurisés"),
                    ("atteignables", "Objectifs atteignables"),
                    ("appuis", "Appuis nécessaires"),
                    ("compromis", "Objectifs compromis"),
                ],
                max_length=12,
                verbose_name="météo",
            ),
        ),
        migrations.AddConstraint(
            model_name="action",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("weather", ""),
                    ("weather__in", ["securises", "atteignables", "appuis", "compromis"]),
                    _connector="OR",
                ),
                name="roadmap_action_known_weather",
                violation_error_message="Ce choix n’existe pas pour «\xa0météo\xa0».",
            ),
        ),
    ]
