"""The self-evaluation report: text with figure references, documents, frozen versions."""
