"""Writing in the places of governance: one transaction, one gesture, one journal place each."""
