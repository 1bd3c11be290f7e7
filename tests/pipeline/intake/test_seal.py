from __future__ import annotations

import hashlib
import os
import resource
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from pipeline.errors import ExhibitChanged, IntegrityError, StorageError, UsageError
from pipeline.intake.seal import Refused, seal, walk

ROOT = Path(__file__).parents[3]


def sealed_files(case: Path) -> list[Path]:
    return sorted(p for p in (case / "evidence").rglob("*") if p.is_file())


def test_a_file_is_kept_read_only_under_its_digest(tmp_path: Path) -> None:
    source = tmp_path / "access.log"
    source.write_bytes(b"GET /\n")
    sealed = seal(source, tmp_path / "case")
    digest = hashlib.sha256(b"GET /\n").hexdigest()
    assert sealed.sha256 == digest
    assert sealed.size == 6
    assert sealed.path == tmp_path / "case" / "evidence" / "sha256" / digest[:2] / digest
    assert sealed.path.read_bytes() == b"GET /\n"
    assert sealed.path.stat().st_mode & 0o777 == 0o444
    assert list((tmp_path / "case" / "work" / "sealing").iterdir()) == []


def test_the_same_bytes_twice_are_one_sealed_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        (tmp_path / name).write_bytes(b"same")
    assert seal(tmp_path / "a", tmp_path / "case") == seal(tmp_path / "b", tmp_path / "case")
    assert len(sealed_files(tmp_path / "case")) == 1


def test_an_empty_file_is_sealed(tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    assert seal(tmp_path / "empty", tmp_path / "case").size == 0


def test_the_source_keeps_its_bytes_its_mode_and_its_times(tmp_path: Path) -> None:
    source = tmp_path / "x"
    source.write_bytes(b"x" * 3_000_000)
    source.chmod(0o400)
    os.utime(source, ns=(1_000_000_000, 2_000_000_000))
    seal(source, tmp_path / "case")
    stat = source.stat()
    assert (stat.st_mode & 0o777, stat.st_atime_ns, stat.st_mtime_ns) == (0o400, 1_000_000_000, 2_000_000_000)


def test_a_damaged_sealed_copy_is_not_taken_for_the_file(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"a")
    sealed = seal(tmp_path / "a", tmp_path / "case")
    sealed.path.chmod(0o644)
    sealed.path.write_bytes(b"b")
    with pytest.raises(ExhibitChanged):
        seal(tmp_path / "a", tmp_path / "case")


def test_a_source_that_grows_while_it_is_sealed_is_refused(tmp_path: Path) -> None:
    source = tmp_path / "growing.log"
    source.write_bytes(b"x" * (64 << 20))
    stop = threading.Event()

    def grow() -> None:
        while not stop.is_set():
            with source.open("ab") as stream:
                stream.write(b"y")

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(IntegrityError, match="changed while"):
            seal(source, tmp_path / "case")
    finally:
        stop.set()
        writer.join()
    assert sealed_files(tmp_path / "case") == []


def test_links_pipes_and_missing_files_cannot_be_sealed(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/etc/hostname")
    os.mkfifo(tmp_path / "pipe")
    for name in ("link", "pipe", "missing", "."):
        with pytest.raises(UsageError):
            seal(tmp_path / name, tmp_path / "case")


def test_a_full_disk_leaves_no_half_copy(tmp_path: Path) -> None:
    source = tmp_path / "big"
    source.write_bytes(b"z" * 200_000)
    old = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    try:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))
        with pytest.raises(StorageError):
            seal(source, tmp_path / "case")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, old)
    assert [p for p in (tmp_path / "case").rglob("*") if p.is_file()] == []
    assert seal(source, tmp_path / "case").size == 200_000


def test_a_killed_copy_leaves_no_sealed_file_and_is_cleared_by_the_next(tmp_path: Path) -> None:
    big = tmp_path / "big"
    with big.open("wb") as stream:
        stream.truncate(1 << 30)
    code = (
        "import sys; from pathlib import Path; from pipeline.intake.seal import seal\n"
        "print('go', flush=True); seal(Path(sys.argv[1]), Path(sys.argv[2]))"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code, str(big), str(tmp_path / "case")], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert child.stdout is not None
    child.stdout.readline()
    scratch = tmp_path / "case" / "work" / "sealing"
    while child.poll() is None and not (scratch.is_dir() and any(p.stat().st_size for p in scratch.iterdir())):
        pass
    child.kill()
    child.wait()
    child.stdout.close()
    assert not (tmp_path / "case" / "evidence").exists()
    big.write_bytes(b"small")
    seal(big, tmp_path / "case")
    assert list(scratch.iterdir()) == []


def test_a_folder_becomes_its_files_in_byte_order_with_relative_names(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    for name in ("b.txt", "a/z.txt", "a/é.txt", "B.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).touch()
    (tmp_path / "single.log").touch()
    found = walk([folder, tmp_path / "single.log", folder])
    assert [name for _, name in found.files] == [
        "export/B.txt", "export/a/z.txt", "export/a/é.txt", "export/b.txt", "single.log",
    ]  # fmt: skip
    assert found.refused == ()


def test_links_and_special_files_are_refused_and_the_rest_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / "loop").symlink_to(folder)
    os.mkfifo(folder / "pipe")
    (folder / "z").touch()
    monkeypatch.chdir(folder)  # socket names are short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("sock")
        found = walk([folder, tmp_path / "missing"])
    assert [name for _, name in found.files] == ["export/z"]
    assert sorted(found.refused) == [
        Refused(folder / "loop", "is a symbolic link; links are not followed"),
        Refused(folder / "pipe", "is a device, pipe or socket, not a file"),
        Refused(folder / "sock", "is a device, pipe or socket, not a file"),
        Refused(tmp_path / "missing", "cannot be read: No such file or directory"),
    ]


def test_a_name_that_is_not_text_is_walked(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    (folder / os.fsdecode(b"\xff.log")).touch()
    assert [name for _, name in walk([folder]).files] == ["export/\udcff.log"]
