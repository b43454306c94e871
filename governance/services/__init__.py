"""What is done to governance, one file a subject."""
