"""Claims of the demonstration, in every state, each brought there by the screens' own actions."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID

from PIL import Image, ImageDraw

from giliran import rules
from giliran.claims import actions as claims
from giliran.claims import documents, payments, queries
from giliran.cli import demo_register
from giliran.cli.demo_register import Member
from giliran.core.deadline import is_working_day
from giliran.offices import queries as offices
from giliran.people import queries as people

_DEATH_BENEFIT = Decimal(42_000_000)
_BANKS = ("BRI", "MANDIRI", "BNI", "BTN", "BCA")


class Story(NamedTuple):
    """A claim's state, begun so many working days ago, and from where.

    ``photos``: its papers are photographs; else the originals were shown at a counter.
    """

    state: str
    began: int
    kind: str = "jht/dismissed"
    office: str = "serang"
    booth: str = ""
    photos: bool = False


# In the order of TRIED; those who want to try something find papers to look at.
_TO_TRY = (
    Story("returned", 3, photos=True),
    Story("drafted", 0),
    Story("complete", 2, photos=True),
    Story("bounced", 10),
    Story("paid", 10),
    Story("refused", 6),
)
_OTHERS = (
    *(Story("paid", 9), Story("paid", 10, "jkm/death"), Story("paid", 11, "jht/resigned")),
    *(Story("bounced", 9, "jht/contract_end"), Story("closed", 11)),
    *(Story("submitted", 1, photos=True), Story("submitted", 1, "jkm/death", booth="mpp-serang")),
    *(Story("submitted", 0, photos=True), Story("submitted", 2, office="cilegon")),
    *(Story("submitted", 1, office="tangerang-selatan"), Story("submitted", 0, "jht/resigned")),
    *(Story("returned", 4, "jkm/death"), Story("returned", 2, office="tangerang-selatan")),
    *(Story("complete", 9), Story("complete", 7), Story("complete", 5, "jht/resigned")),
    *(Story("complete", 2, "jkm/death", booth="mpp-serang"), Story("complete", 1)),
    *(Story("complete", 7, office="tangerang-selatan"), Story("complete", 3, office="cilegon")),
    *(Story("verified", 3), Story("verified", 4, "jkm/death"), Story("verified", 8)),
    *(Story("approved", 4), Story("approved", 5, "jht/contract_end")),
    *(Story("approved", 4, "jkm/death"), Story("approved", 7)),
    *(Story("refused", 7, "jht/resigned"), Story("withdrawn", 5), Story("drafted", 1)),
    *(Story("drafted", 2, "jkm/death"), Story("drafted", 0, booth="mpp-serang")),
)
_SETTLED = {"paid": "ACSC", "closed": "ACSC", "bounced": "AC01"}


def load(*, today: date, until: datetime) -> None:
    """Fill register and claims as they stand at ``until`` on ``today``."""
    members = demo_register.load(now=until - timedelta(days=40))
    stories = (*_TO_TRY, *_OTHERS)
    play = _Play(today, until)
    made = [
        (story, play.live(story, members[place], members[100 + place], number=place))
        for place, story in enumerate(stories)
        if story.state in _SETTLED
    ]
    play.pay(made)
    for place, story in enumerate(stories):
        if story.state not in _SETTLED:
            play.live(story, members[place], members[100 + place], number=place)
    claims.warn_due(now=until)


class _Play:
    def __init__(self, today: date, until: datetime) -> None:
        self.until = until
        self.days = _working_days_back(today, 16)
        self.zone = until.tzinfo
        self.officer, self.second, self.manager, self.regional = (
            people.officer_id(name) for name in ("rina", "budi", "kepala", "wilayah")
        )

    def at(self, days_ago: int, clock: str, minutes: int = 0) -> datetime:
        """Return a moment so many working days ago, never after the demo's own."""
        day = self.days[max(days_ago, 0)]
        moment = datetime.combine(day, time.fromisoformat(clock), tzinfo=self.zone)
        return min(moment + timedelta(minutes=minutes), self.until - timedelta(minutes=5))

    def live(self, story: Story, who: Member, heir: Member, *, number: int) -> int:
        """Begin a claim and bring it as far as its story goes; a payment waits. Returns its id."""
        is_heirs = story.kind.startswith("jkm")
        claimant, began = (heir if is_heirs else who), story.began
        officer = self.officer if number % 2 else self.second
        actor = f"officer:{officer}" if story.booth else "citizen"
        begun = self.at(began, "08:10" if began else "07:30", number)
        view = claims.begin(
            claims.claimant(
                nik=claimant.nik,
                name=claimant.name,
                phone=f"0812{20_000_000 + number}",
                birth=claimant.birth,
            ),
            situation=_situation(story, who, self.days[began]),
            program=story.kind[:3].upper(),
            kind=story.kind,
            participant_nik=who.nik,
            kpj=who.kpj,
            office_id=offices.office(story.office).id,
            begun_at_id=offices.office(story.booth).id if story.booth else None,
            request_key=UUID(int=175_000 + number),
            channel="booth" if story.booth else "web",
            actor=actor,
            now=begun,
        )
        if story.state == "drafted":
            return view.id
        self._hand_in(view.id, story, claimant, number=number, actor=actor, now=begun)
        if story.state == "withdrawn":
            claims.withdraw(view.id, actor="citizen", now=self.at(began - 1, "09:00"))
        elif story.state != "submitted":
            self._check(view.id, story, officer)
        return view.id

    def _hand_in(
        self, claim_id: int, story: Story, who: Member, *, number: int, actor: str, now: datetime
    ) -> None:
        account = claims.Account(
            _BANKS[number % len(_BANKS)], f"0033010{number:05d}17", who.name.upper()
        )
        claims.fill(claim_id, account=account, actor=actor, now=now)
        for paper in queries.papers(claim_id):
            if paper.is_needed and story.photos:
                documents.keep(paper.id, _photo(paper.name), name="foto.jpg", actor=actor, now=now)
            elif paper.is_needed:
                claims.bring_paper(paper.id, actor=actor, now=now)
        claims.submit(claim_id, actor=actor, now=now + timedelta(minutes=8))

    def _check(self, claim_id: int, story: Story, officer: int) -> None:
        looked = self.at(story.began - 1, "10:00", claim_id % 40)
        for paper in queries.papers(claim_id):
            if story.state == "returned" and paper.code == "KTP":
                claims.check_paper(
                    paper.id, verdict="wrong", fault="blurred", officer_id=officer, now=looked
                )
            elif paper.is_needed:
                claims.check_paper(
                    paper.id,
                    verdict="good" if story.photos else "seen",
                    officer_id=officer,
                    now=looked,
                )
        if story.state == "returned":
            claims.ask_for_papers(claim_id, officer_id=officer, now=looked)
            return
        claims.complete(claim_id, needs_visit=False, officer_id=officer, now=looked)
        if story.state != "complete":
            self._decide(claim_id, story, officer)

    def _decide(self, claim_id: int, story: Story, officer: int) -> None:
        amount = _DEATH_BENEFIT
        if story.kind.startswith("jht"):
            amount = queries.amount_expected(claim_id) or Decimal(18_000_000)
        claims.verify(
            claim_id, amount=amount, officer_id=officer, now=self.at(story.began - 2, "11:00")
        )
        decided = self.at(story.began - 3, "13:30")
        if story.state == "refused":
            claims.refuse(
                claim_id,
                article="Permenaker 4/2022 Pasal 4",
                reason="Kartu ini masih aktif: perusahaan masih membayar iuran Bapak/Ibu.",
                officer_id=self.manager,
                now=decided,
            )
        elif story.state != "verified":
            claims.approve(claim_id, officer_id=self.manager, now=decided)

    def pay(self, made: Sequence[tuple[Story, int]]) -> None:
        """Send everything that is approved to the bank, and take its answer in."""
        region = offices.office("serang").region_id
        batch = payments.make_batch(region, officer_id=self.regional, now=self.at(4, "14:00"))
        payments.note_sent(batch.id, officer_id=self.regional, now=self.at(4, "14:20"))
        codes = {queries.claim(claim_id).code: story for story, claim_id in made}
        lines = [
            (one.end_to_end, _SETTLED[codes[one.claim_code].state])
            for one in payments.payments(batch.id)
        ]
        answered = self.at(3, "10:00")
        payments.take_report(
            _bank_says(batch.code, lines, answered), actor=f"officer:{self.regional}", now=answered
        )
        for story, claim_id in made:
            if story.state == "closed":
                claims.close(claim_id, actor="system", now=self.at(1, "07:00"))


def _working_days_back(today: date, count: int) -> list[date]:
    """Return working days, from today backwards."""
    calendar, day, found = rules.calendar(), today, [today]
    while len(found) < count:
        day -= timedelta(days=1)
        if is_working_day(day, calendar):
            found.append(day)
    return found


def _situation(story: Story, who: Member, begun: date) -> dict[str, Any]:
    if story.kind.startswith("jkm"):
        return {"reason": "death", "claimant": {"kind": "heir"}}
    return {
        "reason": story.kind.partition("/")[2],
        "event_date": (begun - timedelta(days=70)).isoformat(),
        "working": False,
        "cards": [{"kpj": who.kpj, "active": False, "balance": who.balance}],
        "earlier_withdrawals": [],
    }


@cache
def _photo(title: str) -> bytes:
    """Return a photograph of a paper on which nothing about anybody stands."""
    picture = Image.new("RGB", (900, 1200), "white")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((20, 20, 880, 1180), outline="black", width=3)
    pen.text((50, 45), f"CONTOH - {title}"[:60], fill="black", font_size=26)
    for line in range(28):
        pen.text((50, 110 + 37 * line), "contoh tulisan pada dokumen ini " * 3, fill="black",
                 font_size=20)  # fmt: skip
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


def _bank_says(order: str, lines: Sequence[tuple[str, str]], now: datetime) -> bytes:
    """Return a bank's pain.002: ACSC for what was settled, or the reason why not."""
    told = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{name}</OrgnlEndToEndId>"
        + (
            "<TxSts>ACSC</TxSts>"
            if said == "ACSC"
            else f"<TxSts>RJCT</TxSts><StsRsnInf><Rsn><Cd>{said}</Cd></Rsn></StsRsnInf>"
        )
        + "</TxInfAndSts>"
        for name, said in lines
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.03"><CstmrPmtStsRpt>'
        f"<GrpHdr><MsgId>CONTOH-1</MsgId><CreDtTm>{now.isoformat()}</CreDtTm></GrpHdr>"
        f"<OrgnlGrpInfAndSts><OrgnlMsgId>{order}</OrgnlMsgId>"
        "<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId></OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{order}</OrgnlPmtInfId>{told}</OrgnlPmtInfAndSts>"
        "</CstmrPmtStsRpt></Document>"
    ).encode()
