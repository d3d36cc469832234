"""What every module stands on. Knows no module; the pure packages and Django only."""
