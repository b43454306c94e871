"""What prepared files say of the reviews of a project."""
