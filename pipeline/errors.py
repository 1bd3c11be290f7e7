"""What can go wrong with a case, as one tree.

VestigoError
├── UsageError             exit 2   the command or its options
│   ├── CaseError          exit 2   case.toml is missing, malformed or names an unknown key
│   ├── AuthorityMissing   exit 2   an exhibit without a recorded legal authority
│   ├── UnknownFormat      exit 2   a format id that no module declares
│   └── KeyUnavailable     exit 2   the ledger's private key is not on this machine
├── StorageError           exit 2   a table or work file cannot be written (disk full, permissions)
└── IntegrityError         exit 3   bytes differ from what the ledger records
    ├── ExhibitChanged     exit 3   an exhibit's digest is no longer the one recorded
    └── LedgerBroken       exit 3   the custody chain or its signature does not verify

Bad *content* is never an exception: it is a `parsers.contract.Reject` or a finding row.
"""

from __future__ import annotations

__all__ = [
    "AuthorityMissing",
    "CaseError",
    "ExhibitChanged",
    "IntegrityError",
    "KeyUnavailable",
    "LedgerBroken",
    "StorageError",
    "UnknownFormat",
    "UsageError",
    "VestigoError",
]


class VestigoError(Exception):
    """Root of all errors of this program.

    Args:
        what: What happened, to which exhibit or file.
        next_step: What the operator can do next.
        **data: The facts behind it (path, digest, offset), kept as attributes for callers.
    """

    exit_code = 2

    def __init__(self, what: str, *, next_step: str = "", **data: object) -> None:
        super().__init__(what)
        self.what = what
        self.next_step = next_step
        self.data = data

    def __str__(self) -> str:
        """One line for a terminal: what happened, then what to do."""
        return f"{self.what}\n  Next: {self.next_step}" if self.next_step else self.what


class UsageError(VestigoError):
    """The command cannot be carried out as given."""


class CaseError(UsageError):
    """case.toml is missing, malformed or says something unknown."""


class AuthorityMissing(UsageError):  # noqa: N818 - reads as the fact it states
    """An exhibit has no recorded legal authority."""


class UnknownFormat(UsageError):  # noqa: N818
    """No module declares this format id."""


class KeyUnavailable(UsageError):  # noqa: N818
    """The private key that signs this case's ledger is not on this machine."""


class StorageError(VestigoError):
    """A file of the case cannot be written."""


class IntegrityError(VestigoError):
    """Bytes on disk differ from what was recorded."""

    exit_code = 3


class ExhibitChanged(IntegrityError):  # noqa: N818
    """An exhibit is not the one that was sealed."""


class LedgerBroken(IntegrityError):  # noqa: N818
    """The custody ledger does not verify."""
