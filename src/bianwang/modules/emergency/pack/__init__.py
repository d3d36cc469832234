"""What the district pack says: one file of the pack each."""
