"""Files that come back to the room, one kind a subject."""
