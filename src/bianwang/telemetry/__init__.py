"""The telemetry store: readings on disk, their latest values, series and roll-ups. Knows nothing of Django.

`columns` what a batch of readings is, `store` the ClickHouse database that one process owns, `engine` where it lives
(embedded, or a server), `client` how the other processes ask it.
"""
