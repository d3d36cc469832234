"""The telemetry store: readings on disk, their latest values, series and roll-ups. Knows nothing of Django.

`columns` what a batch of readings is, `store` the embedded ClickHouse (chDB) that one process owns, `socket` how
the other processes ask it.
"""
