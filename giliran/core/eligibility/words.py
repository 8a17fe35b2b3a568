"""The words that a situation may use, with the other spellings that are understood."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping


def plain_word(text: str) -> str:
    """Fold case, spaces, dots and dashes away."""
    return re.sub(r"[\s\-./]+", "_", text.strip().lower())


class Words:
    """A closed list of words; `find` also understands their other spellings."""

    def __init__(self, spellings: Mapping[str, tuple[str, ...]]) -> None:
        self.names = tuple(spellings)
        self._spellings = spellings
        self._found: dict[str, str] = {}
        for name, others in spellings.items():
            for spelling in (name, *others):
                self._found.setdefault(plain_word(spelling), name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    def __contains__(self, name: object) -> bool:
        return name in self._spellings

    def __or__(self, other: Words) -> Words:
        return Words({**self._spellings, **other._spellings})

    def find(self, text: str) -> str | None:
        """Give the word that `text` spells, None if it spells none."""
        return self._found.get(plain_word(text))

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(self._found)

    def others(self, name: str) -> tuple[str, ...]:
        """Give the other spellings of a word."""
        return self._spellings[name]


PROGRAMS = Words(
    {
        "JHT": ("jaminan_hari_tua", "old_age"),
        "JKK": ("jaminan_kecelakaan_kerja", "work_accident"),
        "JKM": ("jaminan_kematian", "death"),
        "JP": ("jaminan_pensiun", "pension"),
        "JKP": ("jaminan_kehilangan_pekerjaan", "job_loss"),
        "JKN": ("bpjs_kesehatan", "health"),
    }
)

SEGMENTS = Words(
    {
        "PU": (
            "worker",
            "formal",
            "karyawan",
            "pekerja_penerima_upah",
            "penerima_upah",
            "wage_earner",
            "employee",
        ),
        "BPU": (
            "independent",
            "freelance",
            "pekerja_mandiri",
            "bukan_penerima_upah",
            "self_employed",
            "informal",
            "mandiri",
        ),
        "PMI": (
            "overseas",
            "pekerja_migran",
            "pekerja_migran_indonesia",
            "migrant",
            "migrant_worker",
            "tki",
        ),
        "JAKON": ("construction_worker", "proyek", "jasa_konstruksi", "construction"),
    }
)

REASONS = Words({
    "age": ("age_56", "usia_56", "usia56", "usia_pensiun", "retirement", "retired", "pension_age",
            "reached_56", "pensiun", "old_age", "hari_tua", "retirement_age", "agreed_age"),
    "resigned": ("resign", "resignation", "mengundurkan_diri", "berhenti"),
    "dismissed": ("phk", "layoff", "laid_off", "terminated", "termination", "dismissal", "fired",
                  "contract_ended_early"),
    "contract_end": ("pkwt", "pkwt_end", "contract_ended", "kontrak_selesai", "kontrak_habis",
                     "pkwt_end_of_term", "end_of_contract"),
    "self_employed_stopped": ("bpu", "bpu_stopped", "bpu_stop", "bpu_berhenti", "stopped_working",
                              "stopped"),
    "migrant_contract_end": ("pmi", "pmi_contract_end", "pmi_returned", "migrant_returned",
                             "pmi_pulang"),
    "leaving_indonesia": ("leaves_indonesia", "wna", "leave_indonesia", "foreigner_leaves",
                          "meninggalkan_indonesia", "leaving_indonesia_for_good"),
    "total_permanent_disability": ("ctt", "cacat_total_tetap", "disability", "total_disability",
                                   "permanent_total_disability"),
    "death": ("died", "meninggal", "meninggal_dunia", "dead"),
    "partial_other": ("partial_10", "10_percent", "partial_10_percent",
                          "partial10", "sebagian_10", "sebagian10", "10_persen", "10%",
                      "partial"),
    "partial_housing": ("partial_30", "30_percent", "partial_30_percent",
                            "house", "partial30", "sebagian_30", "sebagian30", "30_persen",
                        "30%", "rumah", "housing"),
    "old_card": ("kpj_lama", "kartu_lama", "old_kpj", "two_cards", "dua_kartu", "merge",
                 "merge_cards", "amalgamasi", "penggabungan"),
    "work_accident": ("accident", "kecelakaan_kerja", "kecelakaan", "injury"),
    "occupational_disease": ("penyakit_akibat_kerja", "pak", "work_disease"),
    "scholarship": ("beasiswa",),
})  # fmt: skip

CLAIMANTS = Words(
    {
        "self": ("peserta", "member", "participant", "sendiri", "diri_sendiri", "worker"),
        "heir": ("ahli_waris", "family", "keluarga"),
        "proxy": ("kuasa", "representative", "wakil", "yang_dikuasakan"),
        "employer": ("pemberi_kerja", "perusahaan"),
    }
)

HEIRS = Words(
    {
        "spouse": ("1", "istri", "suami", "janda", "duda", "widow", "widower", "wife", "husband"),
        "child": ("anak", "son", "daughter"),
        "parent": ("2", "orang_tua", "ayah", "ibu", "mother", "father"),
        "grandparent": ("kakek", "nenek"),
        "grandchild": ("cucu",),
        "sibling": ("3", "saudara", "saudara_kandung", "kakak", "adik", "brother", "sister"),
        "parent_in_law": ("4", "mertua", "parents_in_law"),
        "named_in_will": ("5", "wasiat", "will", "testament"),
        "none": ("other", "lain", "tidak_ada", "buried_by", "tetangga", "neighbour", "friend"),
    }
)

WITHDRAWALS = Words(
    {
        "partial_other": ("partial_10", "10%", "sebagian_10", "partial", "sebagian"),
        "partial_housing": ("partial_30", "30%", "sebagian_30", "housing", "rumah"),
        "full": ("penuh", "seluruhnya", "all"),
    }
)

ACCIDENTS = Words(
    {
        "work_accident": ("at_work", "accident", "kecelakaan_kerja", "di_tempat_kerja"),
        "commute": ("on_the_way", "perjalanan", "berangkat_pulang_kerja"),
        "occupational_disease": ("disease", "penyakit_akibat_kerja", "pak"),
        "violence": ("violence_at_work", "kekerasan", "kekerasan_fisik", "rape", "pemerkosaan"),
        "not_work_related": ("private", "bukan_kecelakaan_kerja"),
    }
)

OUTCOMES = Words(
    {
        "in_treatment": ("treatment", "dirawat", "masih_dirawat"),
        "recovered": ("sembuh",),
        "partial_anatomical": ("cacat_anatomis", "cacat_sebagian_anatomis", "partial_disability"),
        "partial_functional": ("cacat_fungsi", "cacat_sebagian_fungsi"),
        "total_permanent_disability": ("cacat_total_tetap", "total"),
        "death": ("died", "meninggal"),
    }
)

CAUSES = Words({
    "work_accident": ("kecelakaan_kerja", "accident_at_work", "occupational_disease"),
    "other": ("bukan_kecelakaan_kerja", "illness", "sakit", "not_work_accident", "not_work",
              "natural", "non_work"),
})  # fmt: skip

TRANSPORT = ("land", "sea", "air")
AIDS = ("dentures", "hearing_aid", "home_care", "prosthesis")

SCHOOLS = Words({
    "before_school": ("belum_sekolah", "not_yet"),
    "primary": ("tk", "sd", "kindergarten", "elementary", "tk_sd"),
    "lower_secondary": ("smp", "junior_high"),
    "upper_secondary": ("sma", "smk", "senior_high"),
    "higher": ("kuliah", "university", "s1", "perguruan_tinggi", "college", "pelatihan",
               "training", "d3"),
    "none": ("tidak_sekolah", "finished", "lulus"),
})  # fmt: skip

GENDERS = Words(
    {
        "female": ("f", "p", "perempuan", "wanita", "woman"),
        "male": ("m", "l", "laki_laki", "pria", "man"),
    }
)

CITIZENSHIP = Words(
    {
        "WNI": ("indonesian", "indonesia", "id"),
        "WNA": ("foreigner", "foreign", "asing"),
    }
)

SIZES = Words(
    {
        "micro": ("mikro",),
        "small": ("kecil",),
        "medium": ("menengah",),
        "large": ("besar",),
    }
)

HOMES = Words(
    {
        "cash": ("tunai",),
        "credit": ("kredit", "kpr", "mortgage"),
    }
)

WORKING = Words({
    "working": ("employed", "bekerja", "masih_bekerja", "yes", "ya"),
    "not_working": ("unemployed", "not_employed", "tidak_bekerja", "no", "tidak", "none",
                    "stopped"),
})  # fmt: skip

PAPERS = Words(
    {
        "lost_card": ("kartu_hilang", "card_lost"),
        "no_paklaring": ("tanpa_paklaring", "paklaring_missing"),
        "company_closed": ("perusahaan_tutup", "employer_closed"),
        "name_differs": ("nama_berbeda", "different_name"),
        "nik_differs": ("nik_salah", "nik_wrong", "wrong_nik"),
        "birth_date_differs": ("tanggal_lahir_berbeda", "wrong_birth_date"),
        "treated_outside_plkk": ("bukan_plkk",),
        "ktp_lost": ("ktp_hilang",),
    }
)

CLAIMANT_OR_HEIR = CLAIMANTS | HEIRS
