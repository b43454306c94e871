"""The screens of the review, one subject a file."""
