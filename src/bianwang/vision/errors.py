"""The refusals of this package, each one Chinese sentence that names what is wrong and says what to do."""


class VisionError(ValueError):
    """An input that cannot be worked with."""


class ModelError(VisionError):
    """A model that cannot be loaded; who loads it logs this and goes on without."""


class RegionError(VisionError):
    """A description of regions that cannot be read."""
