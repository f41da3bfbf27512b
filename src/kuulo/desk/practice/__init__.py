"""Practice: a training copy of a desk, in which a storm is told anew with a clock. Nothing leaves it."""
