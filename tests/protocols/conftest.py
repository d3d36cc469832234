"""Property tests of codecs run without a time limit per example: a busy machine is not a failure."""

from hypothesis import settings

settings.register_profile("protocols", deadline=None)
settings.load_profile("protocols")
