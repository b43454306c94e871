"""What is done in a review, one subject a file."""
