"""A gesture may come from a link received by mail, or from the clock."""

from django.db import migrations, models

SOURCES = [
    ("page", "À l’écran"),
    ("commande", "Chargement"),
    ("reparation", "Réparation"),
    ("import", "Import d’un classeur"),
    ("annulation", "Annulation"),
    ("lien", "Lien reçu par courriel"),
    ("horloge", "Horloge"),
]


class Migration(migrations.Migration):
    dependencies = [("journal", "0002_source_import")]

    operations = [
        migrations.RemoveConstraint(model_name="changeset", name="journal_changeset_known_source"),
        migrations.AlterField(
            model_name="changeset",
            name="source",
            field=models.CharField(choices=SOURCES, max_length=12, verbose_name="origine"),
        ),
        migrations.AddConstraint(
            model_name="changeset",
            constraint=models.CheckConstraint(
                condition=models.Q(source__in=[code for code, _ in SOURCES]),
                name="journal_changeset_known_source",
                violation_error_message="Ce choix n’existe pas pour «\xa0origine\xa0».",
            ),
        ),
    ]
