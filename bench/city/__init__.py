"""A queueing simulation of the platform from one district to a city, for `python -m bench.simulate_city`."""
