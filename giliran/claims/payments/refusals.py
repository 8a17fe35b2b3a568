"""What an officer who pays may be told "no" to, and what they can do instead."""

from __future__ import annotations

from giliran.core.refusal import Refusal, gettext_noop


class PayerMissing(Refusal):
    """Nobody told from which account claims are paid."""

    code = "payer_missing"
    sentence = gettext_noop(
        "Rekening pembayar belum diatur. Minta administrator mengisi GILIRAN_PAYER."
    )


class NothingToPay(Refusal):
    """Every approved claim has a payment on its way, or somebody else just made the order."""

    code = "nothing_to_pay"
    sentence = gettext_noop(
        "Tidak ada klaim yang menunggu dibayar. Mungkin rekan baru saja membuat berkasnya: "
        "lihat daftar berkas."
    )


class NotReleasedByApprover(Refusal):
    """Who approved a claim doesn't send its money as well: four eyes."""

    code = "not_released_by_approver"
    sentence = gettext_noop(
        "Bapak/Ibu menyetujui %(count)s klaim di berkas ini, jadi berkasnya harus dilepas "
        "petugas lain."
    )


class NotReleased(Refusal):
    """The file leaves only after somebody released it who approved none of its claims."""

    code = "not_released"
    sentence = gettext_noop(
        "Berkas ini belum dilepas. Petugas yang tidak menyetujui klaimnya harus melepasnya "
        "dulu; setelah itu berkas bisa diunduh."
    )


class BatchMoved(Refusal):
    """Somebody else moved the order on."""

    code = "batch_moved"
    sentence = gettext_noop(
        "Berkas ini sudah berubah: sekarang %(state)s. Muat ulang halaman untuk melihatnya."
    )


class HeldByDoubt(Refusal):
    """An earlier payment of a claim in it may have arrived: sending might pay twice."""

    code = "held_by_doubt"
    sentence = gettext_noop(
        "Klaim %(codes)s di berkas ini mungkin sudah dibayar lewat transfer sebelumnya. Tanyakan "
        "ke bank dan jawab dulu pertanyaannya, atau batalkan berkas ini."
    )


class AnswerOfNobody(Refusal):
    """The bank answers an order that isn't this region's, or that was never released."""

    code = "answer_of_nobody"
    sentence = gettext_noop(
        "Jawaban ini tentang berkas %(code)s, yang tidak ada atau belum dilepas di wilayah ini. "
        "Tidak ada yang diubah."
    )


class PaymentUnknown(Refusal):
    """The answer names a payment that isn't in the order."""

    code = "payment_unknown"
    sentence = gettext_noop(
        "Jawaban bank menyebut pembayaran %(end_to_end)s, yang tidak ada di berkas ini. "
        "Tanyakan ke bank. Tidak ada yang diubah."
    )


class AmountDiffers(Refusal):
    """The answer speaks of another amount than we ordered."""

    code = "amount_differs"
    sentence = gettext_noop(
        "Menurut jawaban bank, %(end_to_end)s berjumlah Rp%(theirs)s, padahal kita meminta "
        "Rp%(ours)s. Tanyakan ke bank. Tidak ada yang diubah."
    )


class CountDiffers(Refusal):
    """The answer speaks of an order of another size or sum."""

    code = "count_differs"
    sentence = gettext_noop(
        "Jumlah atau banyaknya pembayaran di jawaban bank tidak sama dengan berkas %(code)s. "
        "Tanyakan ke bank. Tidak ada yang diubah."
    )


class NotInDoubt(Refusal):
    """There is no question about this payment, or a colleague has just answered it."""

    code = "not_in_doubt"
    sentence = gettext_noop(
        "Tidak ada pertanyaan tentang pembayaran ini, atau rekan sudah menjawabnya."
    )


class PaidByAnother(Refusal):
    """The claim has another payment that is on its way or has arrived."""

    code = "paid_by_another"
    sentence = gettext_noop(
        "Klaim ini juga punya pembayaran %(end_to_end)s. Dua-duanya tidak bisa dicatat masuk. "
        "Batalkan yang belum dikirim, atau minta bank mengembalikan yang satu."
    )


class BankKnown(Refusal):
    """We can pay to this bank, so the claimant needn't give another account."""

    code = "bank_known"
    sentence = gettext_noop(
        "Bank klaim ini ada di daftar, jadi bisa dibayar. Buat saja berkas pembayaran."
    )
