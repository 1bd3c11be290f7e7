"""Write the sample case harbour-lane: ``python generate.py [FOLDER]`` (default: this folder).

Every run writes the same bytes. Needs the development dependency mmdb_writer; reads nothing but the hand-written files
beside it and knows nothing of the program that is to read the case.
"""

from __future__ import annotations

import sys
from pathlib import Path

from making import chats, database, forum, instagram, mail, syslog, web, webmail
from making.kit import Evidence
from making.truth import ground_truth

HERE = Path(__file__).resolve().parent
HAND_WRITTEN = ("case.toml", "exhibits.toml", "README.md", "maps")


def build() -> dict[str, bytes]:
    """Every generated file by its path below the case folder."""
    out = Evidence()
    for part in (instagram, forum, web, syslog, mail, chats, database, webmail):
        part.write(out)
    return {**out.files, "ground_truth.json": ground_truth(out)}


def by_hand() -> dict[str, bytes]:
    """The files people wrote."""
    paths = [
        p
        for name in HAND_WRITTEN
        for p in ([HERE / name] if (HERE / name).is_file() else sorted((HERE / name).iterdir()))
    ]
    return {path.relative_to(HERE).as_posix(): path.read_bytes() for path in paths}


def main(target: Path) -> None:
    files = build() if target == HERE else {**by_hand(), **build()}
    for name, data in sorted(files.items()):
        path = target / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    print(f"{len(files)} files, {sum(map(len, files.values())):,} bytes in {target.name}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else HERE)
