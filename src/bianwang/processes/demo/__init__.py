"""The demo: an invented district of enterprises, people, devices and rules, and recordings played as devices."""
