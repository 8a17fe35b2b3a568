"""A person's right: the rules and the core brought together, and the conversation about it."""
