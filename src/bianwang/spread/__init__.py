"""Spread of a forest fire over a grid of fuel, slope and wind: hours of arrival and how sure they are.

Pure: numpy and numba (Pillow for GeoTIFF), no Django, no I/O. Begin with `fire.spread`.

Units everywhere: metres, minutes, m/min, wind in m/s, ℃, relative humidity in %. Directions are compass degrees
(0 = north, clockwise). Local metres run east (x) and north (y) of an origin; row 0 of a grid is its northern row.
A decision aid: it does not know crown fire, spotting, suppression or the wind that the fire makes itself.
"""
