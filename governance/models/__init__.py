"""The rows of governance, one file a subject."""

from governance.models.directory import Organisation, Person, PersonQuerySet

__all__ = ["Organisation", "Person", "PersonQuerySet"]
