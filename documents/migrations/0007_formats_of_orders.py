"""Orders that were for a workbook say so."""

from typing import Any

from django.db import migrations
from django.db.models import Q


def tell_workbooks(apps: Any, _: Any) -> None:
    """Those whose file is a workbook, and those for one person: nothing else was one."""
    document = apps.get_model("documents", "Document")
    workbooks = Q(printed_file__file__endswith=".xlsx") | Q(parameters__has_key="reader")
    keys = document.objects.filter(workbooks).values_list("pk", flat=True)
    document.objects.filter(pk__in=list(keys)).update(format="excel")


class Migration(migrations.Migration):
    dependencies = [("documents", "0006_formats")]

    operations = [migrations.RunPython(tell_workbooks, migrations.RunPython.noop)]
