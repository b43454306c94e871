"""The screens of governance, one file a subject."""
