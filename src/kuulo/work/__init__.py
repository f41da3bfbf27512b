"""The worker: chores over rows that wait."""
