"""Workbooks: nothing a student made is ever lost, whatever happens to the file."""

import errno
import json
import os
import re
import subprocess
import sys
import tempfile
import textwrap
import threading
from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation
from kit.library import datasets
from kit.text.article import Article
from kit.text.span import Span
from kit.work.errors import NotSaved, WorkbookError, saving
from kit.work.names import file_stem, work_folder
from kit.work.workbook import Workbook

ARTICLE = datasets.load_article("blinken-beijing-2023")
CODEBOOK = datasets.codebook("blinken-beijing-2023")


def label(id: str, code: str, layer: str = "position") -> Annotation:
    unit = ARTICLE.unit(id)
    return Annotation(id, layer, Span(unit.start, unit.end), (code,))


def second_kernel(workbook: Workbook) -> Workbook:
    """A workbook on the same file that shares nothing in memory, as another kernel has it."""
    return Workbook(ARTICLE, CODEBOOK, workbook.student, workbook.path)


def on_disk(workbook: Workbook) -> dict:
    return json.loads(workbook.path.read_bytes())


def codes_on_disk(workbook: Workbook) -> dict:
    return {a["id"]: a["codes"][0] for a in on_disk(workbook)["labels"]}


@pytest.fixture
def workbook(tmp_path) -> Workbook:
    return Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path)


# -- keeping ------------------------------------------------------------------------------------


def test_a_label_is_on_disk_when_put_returns(workbook):
    saved = workbook.put(label("P6", "lede"))
    assert codes_on_disk(workbook) == {"P6": "lede"}
    assert (saved.revision, saved.conflicts) == (1, ())
    assert saved.at == on_disk(workbook)["saved"] == workbook.saved_at
    assert saved.at.endswith("Z")


def test_tomorrow_finds_everything(workbook):
    workbook.put(label("P6", "lede"))
    workbook.answer("3.3", {"choice": "b", "tries": 2})
    workbook.note("reflection", "Who speaks for China here?")
    workbook.commit("position")
    workbook.sign("Ana María")
    found = second_kernel(workbook)
    assert found.coding.codes("position") == {"P6": "lede"}
    assert found.answers == {"3.3": {"choice": "b", "tries": 2}}
    assert found.notes == {"reflection": "Who speaks for China here?"}
    assert found.committed("position").codes("position") == {"P6": "lede"}
    assert found.student == "Ana María"
    assert found.notice == ""


def test_nothing_is_written_before_there_is_something_to_keep(workbook):
    assert not workbook.path.exists()
    assert workbook.saved_at == ""


def test_a_file_has_one_workbook_in_a_process(tmp_path, workbook):
    assert Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path) is workbook
    assert Workbook.open(ARTICLE, CODEBOOK, "Ben", tmp_path) is not workbook


def test_the_first_commit_counts(workbook):
    workbook.put(label("P6", "lede"))
    workbook.commit("position")
    workbook.put(label("P6", "body"))
    workbook.commit("position")
    assert workbook.committed("position").codes("position") == {"P6": "lede"}
    assert workbook.committed("role") is None


def test_answers_and_notes_can_be_dropped(workbook):
    workbook.answer("1.1", 3)
    workbook.answer("1.1", None)
    workbook.note("x", "y")
    workbook.note("x", "")
    assert (on_disk(workbook)["answers"], on_disk(workbook)["notes"]) == ({}, {})


def test_saving_what_is_there_already_writes_nothing(workbook):
    workbook.put(label("P6", "lede"))
    before = workbook.path.stat()
    assert workbook.put(label("P6", "lede")).revision == 1
    assert workbook.path.stat().st_mtime_ns == before.st_mtime_ns


def test_listeners_hear_of_changes_until_they_leave(workbook):
    heard = []
    leave = workbook.subscribe(lambda w: heard.append(w.coding.codes("position")))
    workbook.put(label("P6", "lede"))
    leave()
    leave()
    workbook.put(label("P7", "body"))
    assert heard == [{"P6": "lede"}]


# -- two windows ----------------------------------------------------------------------------------


def test_two_kernels_are_merged_unit_by_unit(workbook):
    other = second_kernel(workbook)
    workbook.put(label("P6", "lede"))
    other.put(label("P7", "body"))
    workbook.answer("1.1", 4)
    assert codes_on_disk(workbook) == {"P6": "lede", "P7": "body"}
    assert workbook.coding.codes("position") == {"P6": "lede", "P7": "body"}
    other.refresh()
    assert other.answers == {"1.1": 4}


def test_two_answers_to_one_unit_are_handed_back_and_never_overwritten(workbook):
    other = second_kernel(workbook)
    workbook.put(label("P6", "lede"))
    saved = other.put(label("P6", "body"))
    assert codes_on_disk(workbook) == {"P6": "lede"}
    (conflict,) = saved.conflicts
    assert (conflict.yours.codes, conflict.theirs.codes, conflict.problem) == (
        ("body",),
        ("lede",),
        "",
    )
    # Having seen the other label, the student may insist.
    assert other.put(label("P6", "body")).conflicts == ()
    assert codes_on_disk(workbook) == {"P6": "body"}


def test_clearing_what_another_window_changed_is_a_conflict_too(workbook):
    workbook.put(label("P6", "lede"))
    other = second_kernel(workbook)
    other.put(label("P6", "body"))
    saved = workbook.apply("position", {"P6": (label("P6", "lede"), None)})
    assert saved.conflicts[0].theirs.codes == ("body",)
    assert codes_on_disk(workbook) == {"P6": "body"}


def test_the_same_label_from_both_windows_is_no_conflict(workbook):
    other = second_kernel(workbook)
    workbook.put(label("P6", "lede"))
    assert other.put(label("P6", "lede")).conflicts == ()


def test_two_answers_to_one_exercise_are_handed_back(workbook):
    other = second_kernel(workbook)
    workbook.answer("1.1", 4)
    assert other.answer("1.1", 5).conflicts[0].theirs == 4
    assert on_disk(workbook)["answers"] == {"1.1": 4}


def test_labels_that_overlap_from_two_windows_are_handed_back_with_the_reason(workbook):
    def words(id, phrase, code):
        start = ARTICLE.text.index(phrase)
        return Annotation(id, "issue", Span(start, start + len(phrase)), (code,))

    other = second_kernel(workbook)
    workbook.put(words("a", "fentanyl disaster", "fentanyl"))
    good = words("c", "military-related incidents", "military-incidents")
    bad = words("b", "the fentanyl disaster", "trade")
    saved = other.apply("issue", {"b": (None, bad), "c": (None, good)})
    assert [c.id for c in saved.conflicts] == ["b"]
    assert "overlaps" in saved.conflicts[0].problem
    assert codes_on_disk(workbook) == {"a": "fentanyl", "c": "military-incidents"}


def test_a_label_that_cannot_stand_does_not_hold_up_the_others(workbook):
    changes = {"P6": (None, label("P6", "lede")), "P7": (None, label("P7", "nonsense"))}
    saved = workbook.apply("position", changes)
    assert [c.id for c in saved.conflicts] == ["P7"]
    assert "no code “nonsense”" in saved.conflicts[0].problem
    assert codes_on_disk(workbook) == {"P6": "lede"}


def test_many_processes_at_once_lose_nothing(workbook):
    script = textwrap.dedent("""
        import sys
        from pathlib import Path
        from kit.library import datasets
        from kit.coding.coding import Annotation, Span
        from kit.work.workbook import Workbook
        article = datasets.load_article("blinken-beijing-2023")
        codebook = datasets.codebook(article.id)
        workbook = Workbook.open(article, codebook, "Ana", Path(sys.argv[1]))
        for n in range(int(sys.argv[2]), 44, 4):
            block = article.block(f"P{n}")
            place = Span(block.start, block.end)
            workbook.put(Annotation(block.id, "position", place, ("body",)))
    """)
    folder = workbook.path.parent.parent
    command = [sys.executable, "-c", script, str(folder)]
    workers = [
        subprocess.Popen([*command, str(first)], cwd=datasets.root()) for first in (1, 2, 3, 4)
    ]
    assert [worker.wait(60) for worker in workers] == [0, 0, 0, 0]
    assert len(codes_on_disk(workbook)) == 43
    assert on_disk(workbook)["revision"] == 43


def test_threads_of_one_kernel_lose_nothing(workbook):
    def work(first):
        for n in range(first, 44, 4):
            workbook.put(label(f"P{n}", "body"))

    threads = [threading.Thread(target=work, args=(first,)) for first in (1, 2, 3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(codes_on_disk(workbook)) == len(workbook.coding) == 43
    assert workbook.revision == on_disk(workbook)["revision"] == 43


# -- what can go wrong with a file ----------------------------------------------------------------


@pytest.mark.parametrize("rubbish", [b"", b"{", b"\x00" * 500, b"[]", b'{"schema": 3}'])
def test_a_damaged_file_is_kept_and_the_version_before_is_used(workbook, rubbish):
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    workbook.path.write_bytes(rubbish)
    found = second_kernel(workbook)
    assert found.coding.codes("position") == {"P6": "lede"}
    assert "damaged" in found.notice
    kept = [p for p in workbook.path.parent.iterdir() if ".aside-" in p.name]
    assert [p.read_bytes() for p in kept] == [rubbish]
    assert kept[0].name in found.notice


def test_a_file_damaged_under_a_running_kernel_costs_nothing(workbook):
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    workbook.path.write_bytes(b"rubbish")
    workbook.put(label("P8", "body"))
    assert codes_on_disk(workbook) == {"P6": "lede", "P7": "body", "P8": "body"}
    assert "damaged" in workbook.notice


def test_a_deleted_file_is_written_again_whole(workbook):
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    workbook.path.unlink()
    workbook.put(label("P8", "body"))
    assert codes_on_disk(workbook) == {"P6": "lede", "P7": "body", "P8": "body"}


def test_both_versions_damaged_is_a_new_beginning_with_both_kept(workbook):
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    workbook.path.write_bytes(b"one")
    workbook.backup.write_bytes(b"two")
    found = second_kernel(workbook)
    assert len(found.coding) == 0
    kept = {p.read_bytes() for p in workbook.path.parent.iterdir() if ".aside-" in p.name}
    assert kept == {b"one", b"two"}


def without(*codes: str) -> Codebook:
    """The codebook without some codes."""
    layers = [
        msgspec.structs.replace(layer, codes=tuple(c for c in layer.codes if c.id not in codes))
        for layer in CODEBOOK.layers
    ]
    return Codebook(tuple(layers))


def test_a_codebook_that_changed_shuts_nobody_out_and_costs_nothing(workbook):
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    workbook.put(label("P9", "lede"))
    workbook.commit("position")
    before = workbook.path.read_bytes()
    changed = Workbook(ARTICLE, without("lede"), "Ana", workbook.path)
    assert workbook.path.read_bytes() == before  # reading writes nothing
    assert changed.coding.codes("position") == {"P7": "body"}
    assert changed.committed("position").codes("position") == {"P7": "body"}
    assert {a.id for a in changed.unfit} == {"P6", "P9"}
    assert "2 labels of yours, such as “lede” on P6, do not fit the codebook" in changed.notice
    # Work goes on; one of the two places gets another label.
    changed.put(label("P8", "body"))
    changed.put(label("P9", "kicker"))
    assert codes_on_disk(workbook) == {"P7": "body", "P8": "body", "P9": "kicker"}
    assert [a["id"] for a in on_disk(workbook)["unfit"]] == ["P6", "P9"]
    again = Workbook(ARTICLE, without("lede"), "Ana", workbook.path)
    assert again.unfit == changed.unfit
    # The code comes back: what is free takes its place, what stands there now stays.
    back = second_kernel(workbook)
    assert back.coding.codes("position") == {
        "P6": "lede", "P7": "body", "P8": "body", "P9": "kicker",
    }  # fmt: skip
    assert [(a.id, a.codes) for a in back.unfit] == [("P9", ("lede",))]
    assert back.committed("position").codes("position") == {
        "P6": "lede", "P7": "body", "P9": "lede",
    }  # fmt: skip


def test_a_layer_that_is_gone_or_asks_otherwise_leaves_its_labels_in_the_file(workbook):
    workbook.put(label("P6", "lede"))
    workbook.put(label("P6", CODEBOOK.layer("role").codes[0].id, "role"))
    layers = tuple(layer for layer in CODEBOOK.layers if layer.id != "role")
    gone = Workbook(ARTICLE, Codebook(layers), "Ana", workbook.path)
    gone.note("x", "written without the layer")
    assert [a.layer for a in gone.unfit] == ["role"] and len(gone.coding) == 1
    assert len(second_kernel(workbook).coding) == 2
    words = msgspec.structs.replace(CODEBOOK.layer("role"), unit="sentence")
    layers = tuple(words if layer.id == "role" else layer for layer in CODEBOOK.layers)
    assert len(Workbook(ARTICLE, Codebook(layers), "Ana", workbook.path).unfit) == 1


def test_labels_that_do_not_fit_are_put_together_with_another_machines(workbook, tmp_path):
    workbook.put(label("P6", "lede"))
    here = Workbook(ARTICLE, without("lede"), "Ana", workbook.path)
    there = tmp_path / "there.json"
    there.write_bytes(here.path.read_bytes())
    other = Workbook(ARTICLE, without("lede"), "Ana", there)
    here.put(label("P7", "body"))
    other.put(label("P8", "body"))
    here.path.write_bytes(there.read_bytes())
    here.refresh()
    assert here.coding.codes("position") == {"P7": "body", "P8": "body"}
    assert [a.id for a in here.unfit] == ["P6"]
    assert second_kernel(workbook).coding.codes("position")["P6"] == "lede"


def test_an_older_file_put_back_under_a_running_kernel_costs_nothing(workbook):
    workbook.put(label("P1", "headline"))
    old = workbook.path.read_bytes()
    for id in ("P6", "P7", "P8"):
        workbook.put(label(id, "body"))
    workbook.path.write_bytes(old)
    workbook.put(label("P9", "body"))
    assert set(codes_on_disk(workbook)) == {"P1", "P6", "P7", "P8", "P9"}
    assert "older" in workbook.notice
    assert old in [p.read_bytes() for p in workbook.path.parent.iterdir() if ".aside-" in p.name]


def test_a_look_at_a_damaged_file_never_moves_what_another_kernel_has_mended(workbook):
    workbook.put(label("P5", "dateline"))
    other = second_kernel(workbook)
    workbook.path.write_bytes(b"rubbish")
    decode = other._store._decoded

    def mended_meanwhile(data, path):
        other._store._decoded = decode
        workbook.put(label("P6", "lede"))
        return decode(data, path)

    other._store._decoded = mended_meanwhile
    other.refresh()
    assert codes_on_disk(workbook) == {"P5": "dateline", "P6": "lede"}
    assert other.coding.codes("position") == {"P5": "dateline", "P6": "lede"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda w: w.note("x", "a" * 21_000_000),
        lambda w: w.note("x", 5),
        lambda w: w.note("x", "\ud83d"),
        lambda w: w.sign(5),
        lambda w: w.sign("\udcff"),
        lambda w: w.answer("q", object()),
    ],
)
def test_what_could_not_be_read_again_is_never_acknowledged(workbook, spoil):
    workbook.put(label("P6", "lede"))
    good = workbook.path.read_bytes()
    with pytest.raises(NotSaved, match="cannot be kept"):
        spoil(workbook)
    assert workbook.path.read_bytes() == good
    workbook.put(label("P7", "body"))
    assert second_kernel(workbook).coding.codes("position") == {"P6": "lede", "P7": "body"}


def test_a_file_saved_in_another_encoding_is_put_aside(workbook):
    workbook.put(label("P6", "lede"))
    workbook.note("x", "café")
    workbook.path.write_bytes(workbook.path.read_bytes().replace("é".encode(), b"\xe9"))
    found = second_kernel(workbook)
    assert found.coding.codes("position") == {"P6": "lede"}
    assert "damaged" in found.notice


def test_a_broken_character_holds_up_its_own_label_only(workbook):
    broken = msgspec.structs.replace(label("P6", "lede"), note="\ud83d")
    changes = {"P6": (None, broken), "P7": (None, label("P7", "body"))}
    (conflict,) = workbook.apply("position", changes).conflicts
    assert "broken character" in conflict.problem
    assert codes_on_disk(workbook) == {"P7": "body"}


def test_a_listener_that_fails_does_not_unsave(workbook):
    workbook.subscribe(lambda w: 1 / 0)
    assert workbook.put(label("P6", "lede")).revision == 1


def test_what_the_caller_saw_decides_about_an_answer(workbook):
    workbook.answer("1.1", 4)
    assert workbook.note("x", "mine", was="theirs").conflicts[0].theirs is None
    assert workbook.answers == {"1.1": 4}


def test_work_on_another_text_or_by_another_kit_is_refused_and_left_alone(workbook):
    workbook.put(label("P6", "lede"))
    good = workbook.path.read_bytes()
    other = Article.from_text(ARTICLE.id, ARTICLE.text + "\nOne more line.")
    with pytest.raises(WorkbookError, match="another text"):
        Workbook(other, CODEBOOK, "Ana", workbook.path)
    with pytest.raises(WorkbookError, match="another text"):
        Workbook.open(other, CODEBOOK, "Ana", workbook.path.parent.parent)
    assert workbook.path.read_bytes() == good
    said = json.loads(good.replace(b"kit-work-3", b"kit-work-9"))
    newer = json.dumps({**said, "checksum": ""}).encode()
    workbook.path.write_bytes(newer)
    with pytest.raises(WorkbookError, match="kit-work-9"):
        second_kernel(workbook)
    with pytest.raises(WorkbookError, match="kit-work-9"):
        workbook.put(label("P7", "body"))
    assert workbook.path.read_bytes() == newer


def test_a_huge_file_is_put_aside_unread(workbook):
    workbook.put(label("P6", "lede"))
    with workbook.path.open("r+b") as file:
        file.truncate(21 * 2**20)
    assert "larger than 20 MB" in second_kernel(workbook).notice


def test_a_work_folder_that_is_no_folder_is_said(tmp_path):
    (tmp_path / "work").write_text("in the way", encoding="utf-8")
    with pytest.raises((NotSaved, WorkbookError), match="work"):
        workbook = Workbook.open(ARTICLE, CODEBOOK, "Ana", tmp_path / "work")
        workbook.put(label("P6", "lede"))


def in_a_process(script: str, folder: Path) -> str:
    head = """
        import sys
        from pathlib import Path
        from kit.library import datasets
        from kit.coding.coding import Annotation, Span
        from kit.work.errors import NotSaved
        from kit.work.workbook import Workbook
        article = datasets.load_article("blinken-beijing-2023")
        codebook = datasets.codebook(article.id)
        workbook = Workbook.open(article, codebook, "Ana", Path(sys.argv[1]))
        def put(id, code):
            unit = article.unit(id)
            workbook.put(Annotation(id, "position", Span(unit.start, unit.end), (code,)))
    """
    code = textwrap.dedent(head) + textwrap.dedent(script)
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder)],
        cwd=datasets.root(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


if os.name == "posix":  # Windows has other permissions and no such limit

    def test_the_mode_of_a_work_file_is_kept(workbook):
        workbook.put(label("P6", "lede"))
        workbook.path.chmod(0o640)
        workbook.put(label("P7", "body"))
        assert workbook.path.stat().st_mode & 0o777 == 0o640

    def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost():
        with tempfile.TemporaryDirectory() as folder:
            Path(folder).chmod(0o755)
            workbook = Workbook.open(ARTICLE, CODEBOOK, "Ana", Path(folder))
            workbook.put(label("P6", "lede"))
            good = workbook.path.read_bytes()
            workbook.path.parent.chmod(0o555)
            said = in_a_process(
                """
                import os
                if os.geteuid() == 0:  # root may write anywhere: become somebody who may not
                    os.setgroups([])
                    os.setgid(65534)
                    os.setuid(65534)
                try:
                    put("P7", "body")
                except NotSaved as problem:
                    print(problem, workbook.coding.codes("position"))
                """,
                Path(folder),
            )
            workbook.path.parent.chmod(0o755)
            assert "cannot be written" in said
            assert "{'P6': 'lede'}" in said
            assert workbook.path.read_bytes() == good

    def test_a_disk_that_fills_up_while_writing_leaves_the_file_as_it_was(workbook):
        workbook.put(label("P6", "lede"))
        workbook.put(label("P7", "body"))
        good = workbook.path.read_bytes()
        said = in_a_process(
            """
            import resource
            resource.setrlimit(resource.RLIMIT_FSIZE, (200, 200))
            try:
                put("P8", "body")
            except NotSaved as problem:
                print(problem)
            """,
            workbook.path.parent.parent,
        )
        assert "disk is full" in said
        assert workbook.path.read_bytes() == good
        assert not list(workbook.path.parent.glob("*.tmp"))


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "disk is full"),
        (errno.EROFS, "cannot be written"),
        (errno.EACCES, "cannot be written"),
        (errno.EIO, "could not be written"),
    ],
)
def test_each_reason_has_its_cure(number, words):
    with pytest.raises(NotSaved, match=words), saving(Path("work/ana.json")):
        raise OSError(number, os.strerror(number))


def test_a_lock_that_nobody_gives_back_is_said(workbook, monkeypatch):
    from filelock import FileLock

    monkeypatch.setattr("kit.work.store.LOCK_SECONDS", 0.1)
    workbook.put(label("P6", "lede"))
    with FileLock(f"{workbook.path}.lock"), pytest.raises(NotSaved, match="Another program"):
        workbook.put(label("P7", "body"))
    assert workbook.put(label("P7", "body")).revision == 2


# -- names ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "stem"),
    [
        ("Ana María", "ana-maria"),
        ("../../etc/passwd", "etc-passwd"),
        ("CON", "student-3c7c7ff8"),
        ("a" * 300, "aaaaaaaa"),
    ],
)
def test_a_name_is_never_a_path(name, stem):
    assert file_stem(name)[:8] == stem[:8]
    assert "/" not in file_stem(name) and len(file_stem(name)) <= 40


def test_names_without_latin_letters_stay_apart():
    assert file_stem("王小明") != file_stem("李雷")
    assert file_stem("王 A") != file_stem("李 A")
    assert file_stem("Мария 2") != file_stem("Алексей 2")
    assert file_stem("x" * 40 + "1") != file_stem("x" * 40 + "2")
    assert file_stem("王小明").startswith("student-")
    assert file_stem("") == file_stem("")


def test_the_work_folder_can_be_moved(monkeypatch, tmp_path):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    assert work_folder() == tmp_path
    monkeypatch.delenv("KIT_WORK")
    assert work_folder() == datasets.root() / "work"


def test_names_that_differ_never_share_a_file_and_what_looks_the_same_does():
    names = [
        "ana", "Ana", "ANA", "Aná", "Ana B.", "Ana-B", "ana-b", "Ana 1", "Ana (1)", "José", "Jose",
        "jose", "Zoë", "Zoe", "Müller", "Muller", "O'Neil", "O Neil", "con", "CON", "aux.", "AUX",
    ]  # fmt: skip
    stems = [file_stem(name).casefold() for name in names]
    assert len(set(stems)) == len(names)
    assert file_stem("Jose\u0301") == file_stem("Jos\u00e9")
    assert [file_stem(name) for name in ("ana", "ana-2", "student")] == ["ana", "ana-2", "student"]
    assert all(file_stem(stem) == stem for stem in stems)


def test_a_file_that_answers_to_another_name_is_asked_about(tmp_path):
    first = Workbook.open(ARTICLE, CODEBOOK, "José", tmp_path)
    first.put(label("P6", "lede"))
    # As an earlier version named it, and it said nothing of whose it is.
    said = {**on_disk(first), "whose": [], "checksum": ""}
    old = first.path.with_name("jose.json")
    old.write_text(json.dumps(said), encoding="utf-8")
    first.path.unlink()
    assert Workbook.open(ARTICLE, CODEBOOK, "José", tmp_path / ".").path in (first.path, old)
    other = Workbook.open(ARTICLE, CODEBOOK, "Jose", tmp_path)
    assert "begun by “José”, 1 label and 0 answers" in other.question.text
    assert len(other.coding) == 0
    with pytest.raises(NotSaved, match="Whose work is this"):
        other.put(label("P7", "body"))
    other.decide("other")
    other.put(label("P7", "body"))
    assert codes_on_disk(other) == {"P7": "body"}
    assert old.read_text(encoding="utf-8") == json.dumps(said)
    assert other.question is None
    third = Workbook.open(ARTICLE, CODEBOOK, "jose", tmp_path)
    third.decide("mine")
    third.put(label("P7", "body"))
    assert third.path == old and codes_on_disk(third) == {"P6": "lede", "P7": "body"}
    again = second_kernel(third)
    assert again.question is None and len(again.coding) == 2


def test_work_without_a_name_is_kept_apart_by_account_in_a_folder_that_all_share(
    tmp_path, monkeypatch
):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "home"))
    books = {}
    for account in ("ana42", "bo7"):
        monkeypatch.setenv("JUPYTERHUB_USER", account)
        books[account] = Workbook.open(ARTICLE, CODEBOOK, "student", tmp_path / "shared")
        books[account].put(label("P6", "lede"))
    assert [book.path.stem for book in books.values()] == ["ana42", "bo7"]
    assert {book.student for book in books.values()} == {"student"}
    own = Workbook.open(ARTICLE, CODEBOOK, "student", tmp_path / "home" / "work")
    assert own.path.stem == "student"
    # In one browser, on one address, each work has a store of its own.
    keys = {books["bo7"].key, own.key}
    monkeypatch.setenv("JUPYTERHUB_USER", "cy")
    keys |= {books["bo7"].key, own.key}
    assert len(keys) == 4


# -- copies ---------------------------------------------------------------------------------------


def flip(data: bytes, place: int) -> bytes:
    return data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :]


def test_no_flipped_bit_is_read_as_good_and_none_locks_anybody_out(workbook):
    workbook.put(label("P6", "lede"))
    workbook.note("x", "Who speaks here?")
    workbook.note("x", "Who speaks here, and who not?")
    good, before = workbook.path.read_bytes(), workbook.backup.read_bytes()
    for place in range(0, len(good), 7):
        workbook.path.write_bytes(flip(good, place))
        workbook.backup.write_bytes(before)
        found = second_kernel(workbook)
        assert found.notes["x"] == "Who speaks here, and who not?" or "damaged" in found.notice
        assert found.coding.codes("position") == {"P6": "lede"} and found.question is None
        # Under a kernel that runs, nothing at all is lost.
        workbook.path.write_bytes(flip(good, place))
        workbook.refresh()
        assert workbook.notes["x"] == "Who speaks here, and who not?"
        good = workbook.path.read_bytes()


def test_a_file_without_checksum_opens_whoever_wrote_into_it(workbook):
    workbook.put(label("P6", "lede"))
    for checksum in ({}, {"checksum": ""}):
        said = {key: value for key, value in on_disk(workbook).items() if key != "checksum"}
        said["notes"] = {"x": "By hand."}
        workbook.path.write_text(json.dumps({**said, **checksum}), encoding="utf-8")
        found = second_kernel(workbook)
        assert (found.notes, found.notice, found.question) == ({"x": "By hand."}, "", None)
    workbook.path.write_bytes(workbook.to_json().replace(b"\n", b"\r\n"))
    assert second_kernel(workbook).notice == ""


def test_an_older_file_with_a_newer_copy_beside_it_is_a_question(workbook):
    workbook.put(label("P6", "lede"))
    old = workbook.path.read_bytes()
    for id in ("P7", "P8", "P9"):
        workbook.put(label(id, "body"))
    for choice, left in (("newer", 3), ("this", 1)):
        workbook.path.write_bytes(old)
        newer = workbook.backup.read_bytes()
        found = second_kernel(workbook)
        assert "The file has 1 label and 0 answers" in found.question.text
        assert "has 3 labels and 0 answers" in found.question.text
        with pytest.raises(NotSaved, match="Your work file is older"):
            found.put(label("P1", "headline"))
        assert (workbook.path.read_bytes(), workbook.backup.read_bytes()) == (old, newer)
        found.decide(choice)
        assert found.question is None and len(found.coding) == left
        found.put(label("P1", "headline"))
        kept = [p.read_bytes() for p in workbook.path.parent.iterdir() if ".aside-" in p.name]
        assert (old if choice == "newer" else newer) in kept
        assert second_kernel(workbook).question is None
        workbook.backup.write_bytes(newer)


@pytest.mark.parametrize(("choice", "left"), [("newer", {"P6": "lede"}), ("anew", {})])
def test_a_missing_file_with_a_copy_beside_it_is_a_question(workbook, choice, left):
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    workbook.path.unlink()
    found = second_kernel(workbook)
    assert "is not there, but a copy of it is" in found.question.text
    with pytest.raises(NotSaved, match="is not there"):
        found.put(label("P1", "headline"))
    assert not workbook.path.exists()
    found.decide(choice)
    assert found.coding.codes("position") == left
    found.put(label("P1", "headline"))
    assert codes_on_disk(workbook) == {**left, "P1": "headline"}
    assert second_kernel(workbook).question is None


def test_the_last_good_version_is_in_use_only_when_it_is(workbook):
    workbook.put(label("P6", "lede"))
    workbook.path.write_bytes(b"one")
    found = second_kernel(workbook)
    assert "there is no version before it" in found.notice
    assert "last good version" not in found.notice


def test_side_copies_never_overwrite_each_other_whatever_the_clock_says(workbook, monkeypatch):
    class Still(datetime):
        @classmethod
        def now(cls, zone):
            return cls(2020, 1, 1, tzinfo=zone)

    workbook.put(label("P6", "lede"))
    monkeypatch.setattr("kit.work.store.datetime", Still)
    for rubbish in (b"one", b"two", b"three"):
        workbook.path.write_bytes(rubbish)
        workbook.put(label("P7", "body"))
        workbook.apply("position", {"P7": (label("P7", "body"), None)})
    kept = {p.read_bytes() for p in workbook.path.parent.iterdir() if ".aside-" in p.name}
    assert kept == {b"one", b"two", b"three"}


def test_what_a_killed_process_left_is_cleared_and_nothing_else(workbook):
    workbook.put(label("P6", "lede"))
    stem = workbook.path.stem
    for name in (f"{stem}.a1b2c3d4.tmp", f"{stem}.bak.json.tmp", "other.a1b2c3d4.tmp"):
        workbook.path.with_name(name).write_bytes(b"half")
    workbook.put(label("P7", "body"))
    there = [p.name for p in workbook.path.parent.iterdir() if p.name.endswith(".tmp")]
    assert there == ["other.a1b2c3d4.tmp"]


@pytest.mark.parametrize("failing", ["os.replace", "os.link", "os.fsync"])
def test_after_a_failed_save_file_and_backup_are_two_files_as_they_were(
    workbook, monkeypatch, failing
):
    for id in ("P6", "P7"):
        workbook.put(label(id, "body"))
    files = workbook.path.read_bytes(), workbook.backup.read_bytes()

    def fails(*_, **__):
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(failing, fails)
    if failing == "os.link":  # then it is copied
        workbook.put(label("P8", "body"))
        assert workbook.backup.read_bytes() == files[0]
    else:
        with pytest.raises(NotSaved):
            workbook.put(label("P8", "body"))
        assert (workbook.path.read_bytes(), workbook.backup.read_bytes()) == files
    assert not workbook.path.samefile(workbook.backup)
    assert not list(workbook.path.parent.glob("*.tmp"))


# -- two machines ---------------------------------------------------------------------------------


def test_what_comes_in_from_another_machine_is_put_together_with_what_is_here(workbook, tmp_path):
    workbook.put(label("P1", "headline"))
    workbook.put(label("P2", "body"))
    workbook.answer("1.1", {"values": {"a": "one", "b": "two"}})
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes(workbook.path.read_bytes())
    other = Workbook(ARTICLE, CODEBOOK, "Ana", elsewhere)
    # Both go on, neither knows of the other.
    workbook.put(label("P6", "lede"))
    workbook.put(label("P8", "body"))
    workbook.apply("position", {"P2": (label("P2", "body"), None)})
    workbook.answer("1.1", {"values": {"a": "ours", "b": "two"}})
    workbook.note("x", "Mine.")
    workbook.commit("position")
    other.put(label("P6", "body"))
    other.put(label("P9", "body"))
    other.answer("1.1", {"values": {"a": "one", "b": "theirs"}})
    other.answer("1.2", {"values": {"c": "three"}})
    other.note("x", "Theirs.")
    workbook.path.write_bytes(elsewhere.read_bytes())
    workbook.refresh()
    merged = {"P1": "headline", "P6": "body", "P8": "body", "P9": "body"}
    assert codes_on_disk(workbook) == merged == workbook.coding.codes("position")
    assert workbook.torn["position"]["P6"].codes == ("lede",)
    assert workbook.answers["1.1"]["values"] == {"a": "ours", "b": "theirs"}
    assert workbook.answers["1.2"]["values"] == {"c": "three"}
    assert workbook.notes == {"x": "Theirs.\n\nMine."}
    assert workbook.committed("position") is not None
    assert "put together" in workbook.notice and "P6" in workbook.notice
    # It comes back to the other machine, whose kernel has saved once more meanwhile.
    other.put(label("P10", "body"))
    elsewhere.write_bytes(workbook.path.read_bytes())
    other.refresh()
    assert other.coding.codes("position") == {**merged, "P10": "body"}
    assert other.torn["position"]["P6"].codes == ("lede",)
    other.settle("position", "P6")
    assert second_kernel(other).torn == {}
    # And once more: what has all that is here is simply taken.
    workbook.path.write_bytes(elsewhere.read_bytes())
    workbook.refresh()
    assert workbook.torn == {} and workbook.to_json() == elsewhere.read_bytes()


def test_a_field_that_both_machines_changed_keeps_both(workbook, tmp_path):
    workbook.answer("4.4", {"values": {"why": "It began."}, "tries": [{"at": "1"}], "attempts": 1})
    elsewhere = tmp_path / "elsewhere.json"
    elsewhere.write_bytes(workbook.path.read_bytes())
    other = Workbook(ARTICLE, CODEBOOK, "Ana", elsewhere)
    ours = {"values": {"why": "Ours, at length."}, "tries": [{"at": "1"}, {"at": "3"}]}
    theirs = {"values": {"why": "Theirs, at length."}, "tries": [{"at": "1"}, {"at": "2"}]}
    workbook.answer("4.4", {**ours, "attempts": 2, "first": {"at": "1"}})
    other.answer("4.4", {**theirs, "attempts": 2, "first": {"at": "1"}})
    workbook.path.write_bytes(elsewhere.read_bytes())
    workbook.refresh()
    record = workbook.answers["4.4"]
    assert record["values"] == {"why": "Theirs, at length."}
    assert list(record["earlier"]["why"]) == ["Ours, at length."]
    assert [one["at"] for one in record["tries"]] == ["1", "2", "3"]
    assert (record["attempts"], record["first"]) == (3, {"at": "1"})
    assert "exercise 4.4" in workbook.notice


# -- folders of schools ---------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.ENOTSUP, errno.EINVAL])
def test_work_goes_on_where_there_are_no_locks(workbook, monkeypatch, number):
    import fcntl

    def none(*_):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", none)
    other = second_kernel(workbook)
    workbook.put(label("P6", "lede"))
    other.put(label("P7", "body"))
    assert codes_on_disk(workbook) == {"P6": "lede", "P7": "body"}
    assert "take turns" in workbook.notice
    assert {p.name for p in workbook.path.parent.glob("*.turn.lock")} == set()


@pytest.mark.parametrize("kind", ["folder", "link"])
def test_a_lock_that_is_no_file_stops_nobody(workbook, tmp_path, kind):
    workbook.path.parent.mkdir(parents=True)
    lock = Path(f"{workbook.path}.lock")
    if kind == "folder":
        lock.mkdir()
    else:
        lock.symlink_to(tmp_path / "nowhere")
    other = second_kernel(workbook)
    workbook.put(label("P6", "lede"))
    other.put(label("P7", "body"))
    assert codes_on_disk(workbook) == {"P6": "lede", "P7": "body"}
    assert lock.name in workbook.notice and not (tmp_path / "nowhere").exists()


def test_a_folder_where_no_mode_can_be_set_is_put_up_with(workbook, monkeypatch):
    def refused(*_, **__):
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "chmod", refused)
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    assert codes_on_disk(workbook) == {"P6": "lede", "P7": "body"}


def test_whatever_comes_to_lie_in_the_folder_is_named_where_parents_read(workbook):
    """After labels, a copy of a sync program, a killed process and a damaged file."""
    said = (Path(__file__).parents[3] / "docs" / "privacy.md").read_text(encoding="utf-8")
    for id in ("P6", "P7"):
        workbook.put(label(id, "body"))
    copy = workbook.path.with_name(f"{workbook.path.stem} (1).json")
    copy.write_bytes(workbook.path.read_bytes())
    workbook.put(label("P8", "body"))
    workbook.path.write_bytes(b"x")
    workbook.refresh()
    names = [path.name.removeprefix(workbook.path.stem) for path in workbook.path.parent.iterdir()]
    forms = {re.sub(r"\.aside-[\d-]+", ".aside-<date>", n.replace(".json", "")) for n in names}
    assert {"", ".bak", ".aside-<date>"} <= forms
    assert not [form for form in forms if form not in said]


# -- copies that a sync program or a browser makes ------------------------------------------------


@pytest.mark.parametrize(
    "name", ["ana-DESKTOP-AB12CD3", "ana (1)", "ana.sync-conflict-20241008-101500-ABCDEFG"]
)
@pytest.mark.parametrize("running", [True, False])
def test_a_copy_that_a_sync_program_made_is_put_together_with_what_is_here(tmp_path, name, running):
    """P5 from before; then P6 here and there with different roles, P7 here, P8 there."""
    workbook = Workbook.open(ARTICLE, CODEBOOK, "ana", tmp_path)
    workbook.put(label("P5", "dateline"))
    there = Workbook(ARTICLE, CODEBOOK, "ana", tmp_path / "elsewhere" / "ana.json")
    there.path.parent.mkdir()
    there.path.write_bytes(workbook.path.read_bytes())
    there.refresh()
    there.put(label("P6", "body"))
    there.put(label("P8", "body"))
    there.note("x", "Written there.")
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "nut-graf"))
    copy = workbook.path.with_name(f"{name}.json")
    copy.write_bytes(there.path.read_bytes())
    found = workbook if running else second_kernel(workbook)
    found.refresh()
    assert codes_on_disk(found) == {"P5": "dateline", "P6": "lede", "P7": "nut-graf", "P8": "body"}
    assert found.notes == {"x": "Written there."}
    assert found.torn["position"]["P6"].codes == ("body",)
    assert "put together" in found.notice and copy.name in found.notice
    asides = [p.name for p in copy.parent.iterdir() if ".aside-" in p.name]
    assert not copy.exists() and len(asides) == 1 and asides[0] in found.notice
    assert second_kernel(found).coding == found.coding


def test_a_copy_that_holds_nothing_else_goes_aside_without_a_word(workbook):
    workbook.put(label("P6", "lede"))
    copy = workbook.path.with_name(f"{workbook.path.stem} (1).json")
    copy.write_bytes(workbook.path.read_bytes())
    workbook.put(label("P7", "body"))
    assert not copy.exists() and workbook.notice == ""
    assert [p for p in copy.parent.iterdir() if ".aside-" in p.name]


@pytest.mark.parametrize("content", [b"rubbish", None])
def test_a_file_of_somebody_else_stays_where_it_is_whatever_it_is_called(
    workbook, tmp_path, content
):
    """Two downloads in one folder may be two people's."""
    workbook.put(label("P6", "lede"))
    if content is None:
        other = Workbook.open(ARTICLE, CODEBOOK, "Bo", tmp_path / "other")
        other.put(label("P9", "body"))
        content = other.path.read_bytes()
    beside = workbook.path.with_name(f"{workbook.path.stem} (1).json")
    beside.write_bytes(content)
    workbook.put(label("P7", "body"))
    workbook.refresh()
    assert codes_on_disk(workbook) == {"P6": "lede", "P7": "body"}
    assert beside.read_bytes() == content and workbook.notice == ""


# -- a work file that somebody opens --------------------------------------------------------------


def elsewhere(tmp_path: Path, student: str = "Ana") -> Workbook:
    """The workbook of another machine."""
    return Workbook(ARTICLE, CODEBOOK, student, tmp_path / "another machine" / "ana.json")


def test_work_goes_to_another_machine_and_back_in_a_file(workbook, tmp_path):
    other = elsewhere(tmp_path)
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    workbook.answer("1.1", {"values": {"a": "one"}})
    said = other.take_in(workbook.to_json(), "ana.json")
    assert "put together" in said and "2 labels and 1 answer" in said
    assert codes_on_disk(other) == {"P6": "lede", "P7": "body"} and other.torn == {}
    assert "here already" in other.take_in(workbook.to_json(), "ana.json")
    # It goes on there, and nobody touches it here: it comes back as it is, nobody is asked.
    other.apply("position", {"P7": (label("P7", "body"), None)})
    other.apply("position", {"P6": (label("P6", "lede"), label("P6", "headline"))})
    other.answer("1.1", {"values": {"a": "another"}})
    before = workbook.to_json()
    workbook.take_in(other.to_json(), "ana.json")
    assert codes_on_disk(workbook) == {"P6": "headline"} and workbook.torn == {}
    assert workbook.answers["1.1"]["values"] == {"a": "another"}
    (aside,) = workbook.path.parent.glob("*.aside-*.json")
    assert aside.read_bytes() == before


def test_of_what_two_machines_have_changed_both_stay(workbook, tmp_path):
    other = elsewhere(tmp_path)
    workbook.put(label("P6", "lede"))
    workbook.answer("1.1", {"values": {"a": "Ours, at length."}})
    other.put(label("P6", "body"))
    other.put(label("P9", "body"))
    other.answer("1.1", {"values": {"a": "Theirs, at length."}})
    said = workbook.take_in(other.to_json(), "ana.json")
    assert "you choose: P6 and exercise 1.1." in said
    assert codes_on_disk(workbook) == {"P6": "lede", "P9": "body"}  # what is here stays
    assert workbook.torn["position"]["P6"].codes == ("body",)
    assert workbook.answers["1.1"]["values"] == {"a": "Ours, at length."}
    assert list(workbook.answers["1.1"]["earlier"]["a"]) == ["Theirs, at length."]


def test_a_file_of_an_earlier_kit_knows_nothing_of_this_one_and_is_put_together(workbook, tmp_path):
    workbook.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    other = elsewhere(tmp_path)
    other.put(label("P8", "body"))
    new = ("whose", "writers", "torn", "unfit", "checksum")
    old = {key: value for key, value in on_disk(other).items() if key not in new}
    workbook.take_in(json.dumps({**old, "schema": "kit-work-2"}).encode(), "old.json")
    assert codes_on_disk(workbook) == {"P6": "lede", "P7": "body", "P8": "body"}


def test_a_file_that_says_it_knows_all_costs_nothing(workbook):
    workbook.put(label("P6", "lede"))
    before = workbook.to_json()
    forged = {**on_disk(workbook), "labels": [], "revision": 99, "checksum": ""}
    workbook.take_in(json.dumps(forged).encode(), "x.json")
    assert [path.read_bytes() for path in workbook.path.parent.glob("*.aside-*.json")] == [before]


@pytest.mark.parametrize(
    "spoil, said",
    [
        (lambda data: b"", "no work file"),
        (lambda data: b"\x00\xff" * 500, "no work file"),
        (lambda data: b"[" * 100_000, "no work file"),
        (lambda data: b'{"schema": "kit-labels-1"}', "no work file"),
        (lambda data: data[:-200], "no work file"),
        (lambda data: data.replace(b"lede", b"body"), "no work file"),
        (lambda data: data.replace(ARTICLE.sha256.encode(), b"0" * 64), "no work file"),
        (lambda data: unsealed(data, sha256="0" * 64), "on another text"),
        (lambda data: unsealed(data, schema="kit-work-9"), "another version of this kit"),
        (lambda data: unsealed(data, student="Ben"), "is the work of “Ben”"),
    ],
)
def test_what_is_no_work_of_this_student_changes_nothing(workbook, tmp_path, spoil, said):
    other = elsewhere(tmp_path)
    other.put(label("P6", "lede"))
    workbook.put(label("P7", "body"))
    before = sorted(path.read_bytes() for path in workbook.path.parent.iterdir())
    with pytest.raises(NotSaved, match=said) as refused:
        workbook.take_in(spoil(other.to_json()), "mine.json")
    assert "mine.json" in str(refused.value) and "Move" not in str(refused.value)
    assert sorted(path.read_bytes() for path in workbook.path.parent.iterdir()) == before
    assert workbook.coding.codes("position") == {"P7": "body"}


def unsealed(data: bytes, **changes: object) -> bytes:
    """A file into which somebody wrote, as its checksum allows when it is empty."""
    return json.dumps({**json.loads(data), **changes, "checksum": ""}).encode()


@pytest.mark.parametrize("rubbish", [None, 5, "x", [1], {"earlier": 5}, {"earlier": {"a": 5}}])
def test_answers_that_are_no_records_are_put_together_with_those_that_are(
    workbook, tmp_path, rubbish
):
    record = {"values": {"a": "one two"}, "earlier": {"a": ["two three"]}, "tries": [{"at": "1"}]}
    for there, comes in ((record, rubbish), (rubbish, record)):
        workbook.answer("1.1", there)
        other = elsewhere(tmp_path)
        other.answer("1.1", comes)
        workbook.take_in(other.to_json(), "x.json")
        if isinstance(rubbish, dict):
            assert workbook.answers["1.1"]["values"] == {"a": "one two"}
