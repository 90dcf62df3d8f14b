"""Unfinished downloads on disk."""

from pathlib import Path

from msgspec.structs import replace

from phidesk.core.downloads import (
    DownloadPlan,
    DownloadState,
    discard,
    disk_problem,
    kept_bytes,
    load_state,
    plan_of,
    save_state,
    unfinished,
)
from phidesk.core.hub import RepoFile, RepoListing, Source
from phidesk.core.hub_files import Variant
from phidesk.core.jobs import interrupted_jobs, locked

FILES = (RepoFile(path="README.md", size=10), RepoFile(path="sub/a-Q4_0.gguf", size=1000))


def make_plan(folder: Path, *, variant: str = "Q4_0", repo: str = "own/model") -> DownloadPlan:
    listing = RepoListing(
        source=Source.HUGGINGFACE,
        endpoint="https://example.org",
        repo=repo,
        revision="main",
        commit="c0ffee",
        files=FILES,
    )
    return plan_of(listing, Variant(name=variant, files=FILES), folder)


def begin(plan: DownloadPlan) -> None:
    for file in plan.files:
        plan.part(file).parent.mkdir(parents=True, exist_ok=True)
    save_state(DownloadState(plan=plan, etags={"README.md": '"e"'}))


def test_whole_files_and_parts_count(tmp_path: Path) -> None:
    plan = make_plan(tmp_path)
    assert (plan.total, kept_bytes(plan)) == (1010, 0)
    begin(plan)
    plan.whole(FILES[0]).write_bytes(bytes(10))
    plan.part(FILES[1]).write_bytes(bytes(400))
    assert kept_bytes(plan) == 410
    assert unfinished(tmp_path) == [plan]
    state = load_state(plan.partial, tmp_path)
    assert state is not None
    assert state.etags == {"README.md": '"e"'}
    with locked(plan.out):
        assert unfinished(tmp_path) == []


def test_variants_and_choices_do_not_share_a_place(tmp_path: Path) -> None:
    plans = [make_plan(tmp_path, variant=name) for name in ("Q4_0", "Q8_0", "")]
    plans.append(replace(plans[2], files=FILES[:1]))
    plans.append(make_plan(tmp_path, repo="gpt2"))
    assert len({plan.partial for plan in plans}) == len(plans)
    for plan in plans:
        begin(plan)
    assert {plan.partial for plan in unfinished(tmp_path)} == {plan.partial for plan in plans}
    assert interrupted_jobs(tmp_path) == []  # those of quantizations are others
    discard(plans)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_moved_or_broke(tmp_path: Path) -> None:
    begin(make_plan(tmp_path / "old"))
    (tmp_path / "old").rename(tmp_path / "new")
    (found,) = unfinished(tmp_path / "new")
    assert found == make_plan(tmp_path / "new")
    (found.partial / "download.json").write_text("{broken")
    assert unfinished(tmp_path / "new") == []
    assert unfinished(tmp_path / "none") == []


def test_the_disk_is_asked_for_what_is_still_to_come(tmp_path: Path) -> None:
    plan = make_plan(tmp_path / "not yet" / "there")
    assert disk_problem(plan) == ""
    huge = replace(plan, files=(RepoFile(path="a.gguf", size=10**18),))
    assert "1000000.00 TB" in disk_problem(huge)
    assert "for other downloads" in disk_problem(plan, promised=10**18)
    begin(huge)
    with huge.part(huge.files[0]).open("wb") as part:
        part.truncate(10**12)
    assert "999999.00 TB" in disk_problem(huge)


def test_what_is_in_place_already_does_not_hide_what_came(tmp_path: Path) -> None:
    chosen = (RepoFile(path="config.json", size=10), RepoFile(path="a.gguf", size=10**18))
    plan = replace(make_plan(tmp_path, variant=""), files=chosen)
    begin(plan)
    with plan.part(chosen[1]).open("wb") as part:
        part.truncate(10**12)
    assert "999999.00 TB" in disk_problem(plan, there={"config.json"})
    assert kept_bytes(plan, {"config.json"}) == 10**12 + 10
    assert disk_problem(plan, there={"a.gguf"}) == ""
