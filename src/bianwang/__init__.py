"""必安网 (bianwang): safety supervision platform for district emergency management bureaus."""

__version__ = "0.1.0"
