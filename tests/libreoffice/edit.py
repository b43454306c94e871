"""Run by the system's Python: opens a workbook in LibreOffice, types in it, saves it as xlsx.

Takes the name of a pipe, and on its entry the orders of `tests.libreoffice`.
"""

import json
import sys
import time
from typing import Any

import uno  # type: ignore[import-not-found]
from com.sun.star.beans import PropertyValue  # type: ignore[import-not-found]
from com.sun.star.connection import NoConnectException  # type: ignore[import-not-found]

PATIENCE = 60


def main(pipe: str) -> None:
    orders = json.load(sys.stdin)
    desktop = desktop_of(pipe)
    for work in orders["works"]:
        document = desktop.loadComponentFromURL(
            uno.systemPathToFileUrl(orders["source"]), "_blank", 0, settings(Hidden=True)
        )
        for typed in work["cells"]:
            sheet = document.getSheets().getByName(typed["sheet"])
            cell = sheet.getCellByPosition(typed["column"] - 1, typed["row"] - 1)
            # As the keyboard: a number becomes one, « =… » a formula, unless the cell is a text.
            cell.FormulaLocal = typed["text"]
        document.storeToURL(
            uno.systemPathToFileUrl(work["target"]),
            settings(FilterName="Calc MS Excel 2007 XML"),
        )
        document.close(True)
    desktop.terminate()


def desktop_of(pipe: str) -> Any:
    """LibreOffice, once it answers."""
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        "com.sun.star.bridge.UnoUrlResolver", local
    )
    until = time.monotonic() + PATIENCE
    while True:
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)
        else:
            return context.ServiceManager.createInstanceWithContext(
                "com.sun.star.frame.Desktop", context
            )


def settings(**values: Any) -> tuple[Any, ...]:
    return tuple(PropertyValue(name, 0, value, 0) for name, value in values.items())


if __name__ == "__main__":
    main(sys.argv[1])
