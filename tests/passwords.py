from django.contrib.auth.hashers import PBKDF2PasswordHasher


class QuickHasher(PBKDF2PasswordHasher):
    """Writes what any PBKDF2 hasher can check, in no time; only for officers of tests."""

    iterations = 1
