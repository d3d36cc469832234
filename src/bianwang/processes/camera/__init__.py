"""The camera processes: pictures in, signals, faults and evidence out."""
