"""The refusal of this package."""


class SpreadError(ValueError):
    """An input that cannot be computed with; one Chinese sentence that names it and says what to do."""
