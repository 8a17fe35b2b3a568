"""What thinks: pure functions over plain values, without a clock, chance or a database of their own."""
