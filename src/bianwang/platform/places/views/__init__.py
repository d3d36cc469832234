"""Pages of enterprises, public bodies and the map."""
