"""What a review says, computed once and read by pages, mails and papers."""
