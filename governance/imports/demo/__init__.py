"""What the demonstration adds to the fictional territory, one file a subject; all invented."""
