from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models


class Citizen(models.Model):
    """Somebody known by NIK. What they state of themselves stands with each request, sealed."""

    nik_index = models.BinaryField(unique=True, help_text="Blind index of the NIK")
    nik_sealed = models.BinaryField()
    first_seen_at = models.DateTimeField()


class Officers(BaseUserManager["Officer"]):
    def get_by_natural_key(self, username: str | None) -> "Officer":
        return self.get(username=username)


class Officer(AbstractBaseUser):
    """Somebody who works here and logs in."""

    username = models.CharField(max_length=60, unique=True)
    full_name = models.CharField(max_length=120)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    objects = Officers()

    def __str__(self) -> str:
        return self.full_name
