"""What is typed in the reviews, one subject a file."""
