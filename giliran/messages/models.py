"""What was said to whom, by which channel, and what they said."""
