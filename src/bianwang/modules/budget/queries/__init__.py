"""What others may read of budgets."""
