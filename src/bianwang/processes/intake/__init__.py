"""The intake process: devices connect here, their readings are stored, then judged. It alone owns the store."""
