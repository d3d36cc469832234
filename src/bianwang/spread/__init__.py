"""Spread of a forest fire over a grid of fuel, slope and wind: hours of arrival and how sure they are. Pure: numpy."""
