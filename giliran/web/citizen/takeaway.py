"""What a citizen takes along from the turn's page: its QR code."""

import segno
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _


def qr_svg(url: str, title: str = "") -> str:
    """Return an inline SVG (marked safe, with a title) whose QR code opens `url`.

    Without a title it is that of a turn's page.

    Error correction M, four modules of quiet zone, no size of its own: the page's CSS says it.
    """
    svg: str = segno.make_qr(url, error="m").svg_inline(
        omitsize=True,
        border=4,
        light="#fff",
        title=title or _("Kode QR halaman antrean Bapak/Ibu"),
    )
    return SafeString(svg.replace("<svg ", '<svg role="img" ', 1))
