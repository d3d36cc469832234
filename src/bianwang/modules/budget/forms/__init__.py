"""Forms of budgets; amounts are 元."""
