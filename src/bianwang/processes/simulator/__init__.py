"""Physically plausible plants that feed the demo district through the real device intake."""
