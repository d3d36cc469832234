"""Tests of the stream of messages between the intake and judges elsewhere."""
