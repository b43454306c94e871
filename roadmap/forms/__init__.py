"""What people type in the roadmap, one subject a file."""

from roadmap.forms.filters import FilterForm, SheetFilters
from roadmap.forms.papers import FicheForm, LivretForm, SyntheseForm

__all__ = ["FicheForm", "FilterForm", "LivretForm", "SheetFilters", "SyntheseForm"]
