from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q


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


class Employer(models.Model):
    """A company as the register knows it, by NPP."""

    npp = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=160)


class Card(models.Model):
    """A membership number (KPJ) with its holder as it was registered; a person may have several.

    What was registered may be wrong: name and birth date stand here, not on the citizen.
    """

    kpj = models.CharField(max_length=11)
    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="cards", db_index=False)
    segment = models.CharField(max_length=8, help_text="PU, BPU, JAKON, PMI")
    name_sealed = models.BinaryField()
    name_index = models.BinaryField(help_text="Blind index of the folded name")
    birth_sealed = models.BinaryField(help_text="ISO date")
    birth_index = models.BinaryField(help_text="Blind index of the ISO date")
    phone_sealed = models.BinaryField(default=b"")
    balance = models.DecimalField(
        max_digits=14, decimal_places=2, null=True, help_text="JHT, rupiah, as imported"
    )
    balance_on = models.DateField(null=True)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, help_text="None: active")
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, related_name="merged")
    imported_at = models.DateTimeField()
    content_index = models.BinaryField(
        default=b"", help_text="Blind index of the imported row: what has not changed stays"
    )

    class Meta:
        constraints = [
            # A constraint, because unique=True makes a second index for LIKE, which nobody asks.
            models.UniqueConstraint("kpj", name="card_once"),
            models.CheckConstraint(condition=Q(kpj__regex=r"^[0-9A-Z]{11}$"), name="card_kpj"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
                name="card_not_into_itself",
            ),
        ]
        indexes = [
            models.Index("citizen", name="card_of_citizen"),
            models.Index("birth_index", name="card_birth"),
        ]


class Spell(models.Model):
    """Somebody worked for an employer, from a day until another or until now."""

    card = models.ForeignKey(Card, models.PROTECT, related_name="spells", db_index=False)
    employer = models.ForeignKey(Employer, models.PROTECT, related_name="spells")
    began_on = models.DateField()
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("card", "employer", "began_on", name="spell_once"),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("began_on")),
                name="spell_order",
            ),
        ]


class Contribution(models.Model):
    """What was paid for one card and month.

    A file has millions of these rows. A foreign key looks at each by itself, which took three
    times as long as all the rest; a trigger on the statement looks at all of them at once and
    refuses the same (migration 0004).
    """

    pk = models.CompositePrimaryKey("card_id", "month")
    card = models.ForeignKey(
        Card, models.PROTECT, related_name="contributions", db_index=False, db_constraint=False
    )
    month = models.DateField(help_text="Its first day")
    wage = models.DecimalField(max_digits=14, decimal_places=2, help_text="Rupiah")
    amount = models.DecimalField(max_digits=14, decimal_places=2, help_text="Rupiah, JHT")
    paid_on = models.DateField(null=True, help_text="None: owed")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wage__gte=0, amount__gte=0), name="contribution_sum"
            ),
        ]


class Heir(models.Model):
    """A relative as the register knows them."""

    citizen = models.ForeignKey(Citizen, models.PROTECT, related_name="heirs", db_index=False)
    nik_index = models.BinaryField(help_text="Blind index of the heir's NIK")
    nik_sealed = models.BinaryField()
    name_sealed = models.BinaryField()
    relation = models.CharField(
        max_length=16, help_text="As core.eligibility.words.HEIRS, or other"
    )
    birth_sealed = models.BinaryField(default=b"")
    content_index = models.BinaryField(
        default=b"", help_text="Blind index of the imported row: what has not changed stays"
    )

    class Meta:
        constraints = [models.UniqueConstraint("citizen", "nik_index", name="heir_once")]


class Import(models.Model):
    """One file of the register, taken once however often it is handed in."""

    sha256 = models.CharField(max_length=64, unique=True)
    kind = models.CharField(max_length=16, help_text="members, spells, contributions, heirs")
    rows = models.PositiveIntegerField()
    taken_at = models.DateTimeField()
    taken_by = models.CharField(max_length=40)


class Match(models.Model):
    """Two cards that may belong to one person; an officer decides."""

    class Kind(models.TextChoices):
        SAME_NIK = "same_nik", "NIK sama"
        NEAR_NAME = "near_name", "Tanggal lahir sama, nama mirip"
        ASKED = "asked", "Diajukan petugas"

    class State(models.TextChoices):
        OPEN = "open", "Belum diputuskan"
        MERGED = "merged", "Digabung"
        APART = "apart", "Orang berbeda"

    first = models.ForeignKey(Card, models.PROTECT, related_name="+")
    second = models.ForeignKey(Card, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    likeness = models.PositiveSmallIntegerField(help_text="0 to 100")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    found_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    asked_because = models.CharField(max_length=200, blank=True)
    apart_because = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint("first", "second", name="match_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="match_order"),
        ]
        indexes = [
            models.Index("likeness", "id", condition=Q(state="open"), name="match_open"),
        ]


class NewCard(models.Model):
    """A card whose doubles were not looked for since it came or changed; a trigger writes it."""

    card_id = models.BigIntegerField(primary_key=True)


class Merging(models.Model):
    """A card was joined to another one; what was before stands here, so that it can be undone."""

    match = models.ForeignKey(Match, models.PROTECT, null=True, related_name="mergings")
    card = models.ForeignKey(Card, models.PROTECT, related_name="mergings")
    into = models.ForeignKey(Card, models.PROTECT, related_name="+")
    before = models.JSONField(help_text="Ids only: each card's citizen, and who was chosen")
    reason = models.CharField(max_length=200)
    merged_at = models.DateTimeField()
    merged_by = models.ForeignKey(Officer, models.PROTECT, related_name="+")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "card", condition=Q(undone_at__isnull=True), name="merged_once"
            ),
        ]
