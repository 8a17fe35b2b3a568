"""What turns, the journal and the counters add up to; never a name."""
