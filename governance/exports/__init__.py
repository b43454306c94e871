"""What papers and workbooks say of the room, one file a subject."""
