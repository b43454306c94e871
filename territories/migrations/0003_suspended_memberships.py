import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("territories", "0002_reference_data"),
    ]

    operations = [
        migrations.AddField(
            model_name="membership",
            name="suspended_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="suspendue le"),
        ),
        migrations.AddField(
            model_name="membership",
            name="suspended_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="memberships_suspended",
                to=settings.AUTH_USER_MODEL,
                verbose_name="suspendue par",
            ),
        ),
    ]
