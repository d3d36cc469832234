"""The process that speaks GB/T 28181: recorders register, tell channels and alarms, and are asked for streams."""
