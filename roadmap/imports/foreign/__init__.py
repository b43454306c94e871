"""Any existing workbook: its table found, its columns guessed or told, its rows read.

What is read becomes rows of ours, compared with the roadmap like those of an export.
"""

from roadmap.imports.foreign.guessing import guess_mapping
from roadmap.imports.foreign.mapping import Guess, Mapping, read_mapping
from roadmap.imports.foreign.plan import ForeignPlan, import_foreign, is_foreign, plan_foreign
from roadmap.imports.foreign.results import ForeignReading, LeftText
from roadmap.imports.foreign.rows import read_rows

__all__ = [
    "ForeignPlan",
    "ForeignReading",
    "Guess",
    "LeftText",
    "Mapping",
    "guess_mapping",
    "import_foreign",
    "is_foreign",
    "plan_foreign",
    "read_mapping",
    "read_rows",
]
