"""Spread of a forest fire over a grid of fuel, slope and wind: hours of arrival, with how sure they are. Pure: numpy."""
