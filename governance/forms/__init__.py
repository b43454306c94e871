"""What is typed of governance, one file a subject."""
