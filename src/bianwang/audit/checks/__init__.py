"""One idea a file; each has `check(reading)`, which yields the relations that it finds, true ones too."""
