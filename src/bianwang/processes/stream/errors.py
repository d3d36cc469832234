"""What can go wrong with a stream."""


class StreamError(OSError):
    """Messages can be neither handed on nor read at the moment; the message is one Chinese sentence."""
