"""What prepared files say of a roadmap: read, checked, then handed to the services."""
