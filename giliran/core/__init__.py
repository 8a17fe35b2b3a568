"""What thinks: pure functions over plain values, with no clock, chance or database of their own."""
