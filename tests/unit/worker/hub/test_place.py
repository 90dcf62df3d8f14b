"""Files that get their place in a model's folder, whoever else does the same or is killed."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from phidesk.core.catalog import open_model, scan
from phidesk.core.downloads import DownloadPlan, discard, plan_of
from phidesk.core.files import UPDATING_FILE
from phidesk.core.hub import RepoFile, RepoListing, Source
from phidesk.core.hub_files import ORIGIN_FILE, Variant
from phidesk.core.origin import read_origin
from phidesk.worker.engines.base import EngineError
from phidesk.worker.hub.place import already_there, put_in_place
from phidesk.worker.reporter import Reporter

REPO, WEIGHTS = "own/model", "model.safetensors"


def fetched(
    folder: Path,
    files: dict[str, bytes],
    *,
    variant: str = "safetensors",
    commit: str = "one",
    sums: bool = False,
) -> DownloadPlan:
    """Return a plan all of whose files have come; sums: the source tells their checksums."""
    listed = tuple(
        RepoFile(path=path, size=len(data), sha256=hashlib.sha256(data).hexdigest() if sums else "")
        for path, data in files.items()
    )
    listing = RepoListing(
        source=Source.HUGGINGFACE,
        endpoint="https://example.org",
        repo=REPO,
        revision=commit,
        commit=commit,
        files=listed,
    )
    plan = plan_of(listing, Variant(name=variant, files=listed), folder)
    for file in listed:
        plan.whole(file).parent.mkdir(parents=True, exist_ok=True)
        plan.whole(file).write_bytes(files[file.path])
    return plan


def break_off(plan: DownloadPlan) -> None:
    """Put a plan's files in place, as far as a kill before the weights lets it."""
    before = Path.replace

    def killed(path: Path, target: Path) -> Path:
        if path.name == WEIGHTS:
            raise InterruptedError
        return before(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", killed)
        with pytest.raises(InterruptedError):
            put_in_place(plan)


def test_variants_that_end_together_all_get_their_place(tmp_path: Path) -> None:
    for turn in range(5):
        folder = tmp_path / str(turn)
        plans = [fetched(folder, {f"m-Q{n}.gguf": b"x"}, variant=f"Q{n}") for n in range(8)]
        start, problems = threading.Barrier(len(plans)), []

        def put(plan: DownloadPlan, start: threading.Barrier = start) -> None:
            start.wait(10)
            try:
                put_in_place(plan)
            except OSError as error:
                problems.append(error)  # noqa: B023 - the thread ends within the turn

        threads = [threading.Thread(target=put, args=(plan,)) for plan in plans]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert problems == []
        names = {f"m-Q{n}.gguf" for n in range(8)}
        assert {path.name for path in (folder / REPO).iterdir()} == names | {ORIGIN_FILE}
        origin = read_origin(folder / REPO)
        assert origin is not None
        assert set(origin.files) == names


def test_a_broken_off_update_is_not_taken_for_a_model(
    tmp_path: Path, safetensors_bytes: Callable[..., bytes]
) -> None:
    names = [f"model-0000{n}-of-00002.safetensors" for n in (1, 2)]
    old = {"config.json": b"{}", names[0]: safetensors_bytes(), names[1]: safetensors_bytes()}
    put_in_place(fetched(tmp_path, old))
    assert open_model(tmp_path / REPO).problem == ""
    new = {"config.json": b'{"a": 1}', names[0]: safetensors_bytes(), names[1]: b"new"}
    update = fetched(tmp_path, new, commit="two")
    second = tmp_path / REPO / names[1]
    second.unlink()
    second.mkdir()  # no file can take its place: it ends there, as by a kill
    with pytest.raises(OSError, match=names[1]):
        put_in_place(update)
    second.rmdir()
    second.write_bytes(old[names[1]])
    assert (tmp_path / REPO / "config.json").read_bytes() == new["config.json"]
    assert "update of its files was broken off" in open_model(tmp_path / REPO).problem
    assert ["broken off" in model.problem for model in scan(tmp_path)] == [True]
    # The end of another download says nothing about this one.
    put_in_place(fetched(tmp_path, {"m-Q4_0.gguf": b"x"}, variant="Q4_0"))
    assert "broken off" in open_model(tmp_path / REPO).problem
    plan = fetched(tmp_path, new | {names[1]: safetensors_bytes()}, commit="two")
    put_in_place(plan)
    assert open_model(tmp_path / REPO).problem == ""
    assert not (tmp_path / REPO / UPDATING_FILE).exists()


def test_an_update_leaves_nothing_that_the_new_commit_does_not_have(tmp_path: Path) -> None:
    old = ["chat_template.jinja", "additional_chat_templates/a.jinja", f"{WEIGHTS}.index.json"]
    put_in_place(fetched(tmp_path, dict.fromkeys([*old, "config.json", WEIGHTS], b"old")))
    put_in_place(fetched(tmp_path, {"m-Q4_0.gguf": b"x", "README.md": b"x"}, variant="Q4_0"))
    (tmp_path / REPO / "notes.txt").write_bytes(b"mine")
    new = dict.fromkeys(["README.md", "config.json", WEIGHTS], b"new")
    put_in_place(fetched(tmp_path, new, commit="two"))
    origin = read_origin(tmp_path / REPO)
    assert origin is not None
    assert set(origin.files) == {*new, "m-Q4_0.gguf"}
    there = {path.name for path in (tmp_path / REPO).rglob("*") if path.is_file()}
    assert there == {*origin.files, "notes.txt", ORIGIN_FILE}


def test_a_file_that_a_person_changed_or_put_there_is_not_overwritten(tmp_path: Path) -> None:
    old, new = ({"config.json": data, WEIGHTS: data} for data in (b"old", b"new"))
    put_in_place(fetched(tmp_path, old, sums=True))
    mine = tmp_path / REPO / "config.json"
    mine.write_bytes(b"own")
    update = fetched(tmp_path, new, commit="two", sums=True)
    for check in (put_in_place, lambda plan: already_there(plan, Reporter("", lambda _: None))):
        with pytest.raises(EngineError, match=r"config.json” was changed, or is another file"):
            check(update)
    assert (tmp_path / REPO / WEIGHTS).read_bytes() == b"old"
    (tmp_path / REPO / ORIGIN_FILE).unlink()  # now nothing there is of the repository
    mine.write_bytes(b"new")
    with pytest.raises(EngineError, match=WEIGHTS):
        put_in_place(update)
    (tmp_path / REPO / WEIGHTS).unlink()
    put_in_place(update)
    assert (tmp_path / REPO / WEIGHTS).read_bytes() == b"new"


def test_a_broken_off_update_knows_the_files_of_both_commits_as_its_own(tmp_path: Path) -> None:
    old, new = ({"config.json": data, WEIGHTS: data} for data in (b"old", b"new"))
    put_in_place(fetched(tmp_path, old, sums=True))
    update = fetched(tmp_path, new, commit="two", sums=True)
    break_off(update)
    there = already_there(update, Reporter("", lambda _: None))
    assert there == {"config.json"}
    put_in_place(update)
    assert (tmp_path / REPO / WEIGHTS).read_bytes() == b"new"
    assert not (tmp_path / REPO / UPDATING_FILE).exists()


def test_another_download_of_all_files_makes_a_broken_off_update_whole(
    tmp_path: Path, safetensors_bytes: Callable[..., bytes]
) -> None:
    files = {"config.json": b"{}", "added.json": b"{}", WEIGHTS: safetensors_bytes()}
    put_in_place(fetched(tmp_path, {"config.json": b"{}", WEIGHTS: safetensors_bytes()}))
    chosen = fetched(tmp_path, files, variant="", commit="two")
    break_off(chosen)
    discard([chosen])
    assert "broken off" in open_model(tmp_path / REPO).problem
    del files["added.json"]  # by a later commit, that is
    put_in_place(fetched(tmp_path, files, commit="three"))
    assert open_model(tmp_path / REPO).problem == ""
    assert not (tmp_path / REPO / UPDATING_FILE).exists()


def test_a_split_gguf_of_two_commits_is_none(
    tmp_path: Path, gguf_bytes: Callable[..., bytes]
) -> None:
    names = [f"Q8_0/m-Q8_0-0000{n}-of-00002.gguf" for n in (1, 2)]
    files = {name: gguf_bytes() for name in names} | {"m-Q4_0.gguf": gguf_bytes()}
    put_in_place(fetched(tmp_path, files, variant=""))
    update = fetched(tmp_path, dict.fromkeys(names, gguf_bytes()), variant="Q8_0", commit="two")
    (tmp_path / REPO / names[1]).unlink()
    (tmp_path / REPO / names[1]).mkdir()
    with pytest.raises(OSError, match="00002-of-00002"):
        put_in_place(update)
    (tmp_path / REPO / names[1]).rmdir()
    (tmp_path / REPO / names[1]).write_bytes(files[names[1]])
    assert "broken off" in open_model(tmp_path / REPO / names[0]).problem
    assert open_model(tmp_path / REPO / "m-Q4_0.gguf").problem == ""  # one file is whole
    put_in_place(update)
    assert open_model(tmp_path / REPO / names[0]).problem == ""
