"""Proof files keep apart what only a file system would confuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from lemmata.cli.folder import ProofFolder, make_folder
from lemmata.engine.errors import UsageError


def test_no_two_names_share_a_file(tmp_path: Path) -> None:
    folder = ProofFolder(tmp_path / "new" / "proofs")
    names = ["+.comm", "*.comm", "Add", "add", "a/b", "a_b", "..", "add-2"]
    places = [folder.place(name) for name in names]
    assert len({place.name.lower() for place in places}) == len(names)
    assert all(place.parent == folder.path for place in places)
    assert [folder.place(name) for name in names] == places
    assert folder.place("add_comm").name == "add_comm.json"


def test_a_place_that_cannot_be_written_is_named_before_anything_is_searched(
    tmp_path: Path,
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError, match=r"cannot write pages to .*file"):
        make_folder(tmp_path / "file", "pages")
