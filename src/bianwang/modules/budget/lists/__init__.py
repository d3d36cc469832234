"""The lists of budgets: the rows behind every figure."""
