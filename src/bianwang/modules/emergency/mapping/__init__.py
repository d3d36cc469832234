"""Maps of some kilometres, drawn without a map server."""
