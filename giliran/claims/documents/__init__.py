"""The documents of a claim: checked, sealed, kept once, and taken away when they must go."""

from giliran.claims.documents.checking import check_file, read_at_most
from giliran.claims.documents.keeping import content, erase, keep, largest_bytes, remove
from giliran.claims.documents.reading import read
from giliran.claims.documents.refusals import (
    DocumentLost,
    FileRefused,
    HardToRead,
    Infected,
    InspectionBusy,
    NotNow,
    PaperAlreadyChecked,
    PaperNotOpen,
    PieceTooLarge,
    ScannerNotReached,
    StoreNotReached,
    TooManyFiles,
    TooManyToday,
    TooManyUploads,
    TooMuchForClaim,
    UploadOutOfStep,
    UploadUnlikeAnnounced,
)
from giliran.claims.documents.shelf import Shelf
from giliran.claims.documents.store import sweep
from giliran.claims.documents.uploads import (
    LARGEST_PIECE,
    add_piece,
    begin_upload,
    document_of,
    drop_stale,
)
from giliran.claims.inspection.refusals import FileTooLarge

__all__ = [
    "LARGEST_PIECE",
    "DocumentLost",
    "FileRefused",
    "FileTooLarge",
    "HardToRead",
    "Infected",
    "InspectionBusy",
    "NotNow",
    "PaperAlreadyChecked",
    "PaperNotOpen",
    "PieceTooLarge",
    "ScannerNotReached",
    "Shelf",
    "StoreNotReached",
    "TooManyFiles",
    "TooManyToday",
    "TooManyUploads",
    "TooMuchForClaim",
    "UploadOutOfStep",
    "UploadUnlikeAnnounced",
    "add_piece",
    "begin_upload",
    "check_file",
    "content",
    "document_of",
    "drop_stale",
    "erase",
    "keep",
    "largest_bytes",
    "read",
    "read_at_most",
    "remove",
    "sweep",
]
