"""Side-by-side measurements that anyone can run: Kuulo, its floors and goals, and its rivals."""
