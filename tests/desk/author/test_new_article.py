"""An instructor's own article: taken in, suggested on, kept as a reference, handed out."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import msgspec
import nbformat
import pytest
from nbclient import NotebookClient

from desk.author import fact_counts, new_article
from desk.author.new_article import NewArticleError, add, keep_reference, workbook_of
from desk.author.own_exercises import pick
from desk.pages import forms
from kit import exercises
from kit.coding.codebook import Codebook
from kit.coding.coding import Annotation, Coding
from kit.coding.sides import Sides
from kit.exercises import Context, expected, wrong
from kit.exercises.exercise import Graded
from kit.exercises.model import load_file
from kit.library import datasets, facts
from kit.library.reference import Reference
from kit.suggest import suggest
from kit.text.article import Article
from kit.text.intake import IntakeError
from kit.text.span import Span
from kit.widgets.labeller import Labeller
from tests.panels import status_of

ROOT = datasets.root()
STORY = (ROOT / "tests" / "data" / "velsk" / "article.txt").read_text(encoding="utf-8")
RAW = STORY.replace("opened talks", "opened  talks").replace("\n", "\r\n")


@pytest.fixture
def data(tmp_path, monkeypatch) -> Path:
    """A folder of articles that may be written into, and a work folder of its own."""
    monkeypatch.setenv("KIT_WORK", str(tmp_path / "work"))
    place = tmp_path / "kit" / "datasets"
    for name in ("codebook", "harran-talks"):
        shutil.copytree(ROOT / "datasets" / name, place / name)
    monkeypatch.setattr(new_article, "DATA", place)
    return place


def tree(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def context(data: Path, id: str, coding: Coding | None = None) -> Context:
    """What an exercise on an added article is held against."""
    home = data / id
    article = Article.from_file(home / "article.txt", id=id)
    codebook = Codebook.from_folder(data / "codebook", home / "codebook")
    kept = home / "codings" / "reference.json"
    reference = None
    if kept.exists():
        names = [p for p in (home / "codings").glob("*.json") if p != kept]
        reference = Reference.from_files(
            Coding.from_file(kept, article, codebook),
            [Coding.from_file(path, article, codebook) for path in names],
            home / "disputed.toml",
        )
    mine = coding or Coding(article, codebook, "x")
    return Context(article, mine, codebook, reference, facts.read(home / "facts.toml"))


def unit(article: Article, layer: str, id: str, code: str) -> Annotation:
    block = article.block(id)
    return Annotation(id, layer, Span(block.start, block.end), (code,))


# -- adding ----------------------------------------------------------------------------------------


def test_an_article_is_cleaned_numbered_and_suggested_on(data):
    added = add(RAW.encode(), id="velsk", title="Talks in Velsk", date="2027-05-04")
    home = data / "velsk"
    text = (home / "article.txt").read_bytes()
    assert text.decode() == STORY.rstrip("\n") + "\n"
    head = tomllib.loads((home / "article.toml").read_text(encoding="utf-8"))
    assert head["sha256"] == hashlib.sha256(text).hexdigest() == added.article.sha256
    assert (head["title"], f"{head['date']}") == ("Talks in Velsk", "2027-05-04")
    assert head["banner"].startswith("From: 4 May 2027. This text is its publisher’s.")
    assert "here to be studied" in head["banner"] and head["rights"]
    assert [change.what for change in added.cleaned.changes] == head["cleaned"]
    assert any("surplus blanks in 1 place" in change for change in head["cleaned"])
    assert any("surplus blanks" in line for line in new_article.told(added))

    here = context(data, "velsk")
    suggested = Coding.from_file(home / "codings" / "suggested.json", here.article, here.codebook)
    assert suggested == suggest(here.article, here.codebook).coding
    assert added.suggested["position"] == len(suggested.on("position")) > 5
    for fact in here.facts.values():
        assert fact_counts.compute(fact, here.article, None) == fact.value
    assert set(here.facts) == {"blocks", "words", "quotations", "quoted-words"}
    assert new_article.added_ids() == ["velsk"]
    assert [path.name for path in data.parent.iterdir()] == ["datasets"]


def test_what_can_be_counted_is_asked_and_checked(data):
    add(STORY, id="velsk", title="Velsk")
    asked = load_file(data / "velsk" / "exercises" / "07-velsk.toml")
    here = context(data, "velsk")
    assert exercises.problems([e for e in asked if e.article != "own"], here) == []
    own = [e for e in exercises.load("07-your-own-article") if e.article == "own"]
    # Where the text is from and what was cleaned, only the instructor can say.
    assert own.pop(0).id == "7.1"
    # A hand-out for a mark has no rules, so nothing about them can be asked there.
    own = [replace_graded(e) if e.id == "7.5" else e for e in own]
    assert [replace_lesson(e) for e in asked[: len(own)]] == own
    (count,) = asked[len(own) :]
    values = expected(count, here).values
    assert (values["pairs"], count.article, count.status) == ("3", "velsk", "fact")
    assert exercises.check(count, values, here).verdict == "yes"
    assert exercises.check(count, wrong(count, here).values, here).verdict == "not yet"
    assert (
        "How many pairs"
        in exercises.check(count, {**values, "pairs": "6"}, here).parts["pairs"].say
    )


def replace_lesson(exercise):
    return msgspec.structs.replace(exercise, lesson="07-your-own-article")


def replace_graded(exercise):
    return msgspec.structs.replace(exercise, graded=exercise.own_graded, own_graded=Graded())


def replace_note(label: Annotation, note: str) -> Annotation:
    return msgspec.structs.replace(label, note=note)


@pytest.mark.parametrize(
    "id",
    ["../evil", "..", "/x/y", "CON", "con", "nul", "lpt1", "a b", "a\0b", "\u202eabc", "é", "-a",
     "a/b", "a\\b", "codebook", "lexicons", "own", "own-0a1b2c3d", "x" * 41, "a.toml"],
)  # fmt: skip
def test_hostile_ids_are_refused_in_a_sentence(id, data):
    before = tree(data.parent.parent)
    with pytest.raises(NewArticleError, match="cannot be the short name") as problem:
        add(STORY, id=id)
    assert str(problem.value).isprintable()
    assert tree(data.parent.parent) == before


def test_nothing_that_is_there_is_overwritten(data):
    add(STORY, id="velsk")
    (data / "empty").mkdir()
    (data / "link").symlink_to(data / "nowhere")
    before = tree(data)
    for id in ("velsk", "harran-talks", "empty", "link"):
        with pytest.raises(NewArticleError, match="is left as it is"):
            add(STORY + "More.\n", id=id)
    assert tree(data) == before and not (data / "nowhere").exists()


@pytest.mark.parametrize(
    ("text", "changes", "said"),
    [
        (b"%PDF-1.7 ...", {}, "This is a PDF file"),
        (b"PK\x03\x04word/", {}, "This is a Word file"),
        (b"\0\1\2" * 400, {}, "not a text file"),
        (b"Too short.", {}, "too short|words"),
        (STORY.encode(), {"date": "last May"}, "“last May” is no date"),
        (STORY.encode(), {"date": '2027-05-04"\nx = 1'}, "is no date"),
    ],
)
def test_what_cannot_be_taken_leaves_nothing_behind(text, changes, said, data):
    before = tree(data.parent.parent)
    with pytest.raises((IntakeError, NewArticleError), match=said):
        add(text, id="velsk", **changes)
    assert tree(data.parent.parent) == before
    assert [path.name for path in data.parent.iterdir()] == ["datasets"]


def test_what_is_known_of_a_text_cannot_break_its_file(data):
    evil = 'A "title"\nsha256 = "0"\n\u202e[x] \\ \0 <script>'
    added = add(STORY, title=evil, outlet=evil, source=evil)
    head = tomllib.loads((data / added.article.id / "article.toml").read_text(encoding="utf-8"))
    assert head["title"] == 'A "title" sha256 = "0" [x] \\ <script>' == head["outlet"]
    assert added.article.id == "a-title-sha256-0"


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2027-05-04", "2027-05-04"),
        (" 4 May 2027 ", "2027-05-04"),
        ("14 Mar 2027", "2027-03-14"),
        ("March 14, 2027", "2027-03-14"),
        ("4/5/2027", None),  # May or April?
        ("31 April 2027", None),
        ("May 2027", None),
    ],
)
def test_a_day_is_taken_as_people_write_it_unless_it_could_be_another(typed, day, data):
    if day is None:
        with pytest.raises(NewArticleError, match="is no date"):
            add(STORY, id="velsk", date=typed)
        return
    add(STORY, id="velsk", date=typed, outlet="The Velsk Echo")
    head = tomllib.loads((data / "velsk" / "article.toml").read_text(encoding="utf-8"))
    assert head["date"].isoformat() == day
    assert head["banner"].startswith("From: The Velsk Echo, ") and "2027. This" in head["banner"]


def test_the_headline_is_found_below_the_menu_of_a_page(data):
    headline = STORY.partition("\n")[0]
    menu = "Skip to main content\n\nHome | World | Politics and people | Subscribe\n\n"
    for text in (STORY, menu + STORY):
        assert new_article.headline_of(text) == headline
    assert add(menu + STORY).article.title == headline
    long = f"{'The minister went on and on about it. ' * 8}\n\nThen she left.\n"
    assert new_article.headline_of(long).endswith(" …")
    assert new_article.headline_of("One.\n\nTwo.\n") == "One."


@pytest.mark.parametrize(
    ("title", "id"),
    [
        ("Minister lands in Velsk for talks", "minister-lands-in-velsk"),
        ("CON", "article-con"),
        ("Own goal", "article-own-goal"),
        ("../../etc", "etc"),
        ("会谈", "article"),
        ("Harran talks", "harran-talks-2"),
    ],
)
def test_a_short_name_is_made_of_the_title(title, id, data):
    assert new_article.suggested_id(title) == id
    new_article.check_id(id)


# -- the reference ---------------------------------------------------------------------------------


def labelled(data: Path) -> Coding:
    """The suggestions, as somebody has gone through them who knows the text."""
    workbook = workbook_of("velsk")
    article = workbook.article
    roles = ["main-event", "consequence", "previous-event", "context", "evaluation"]
    known = [code.id for code in workbook.codebook.layer("role").codes]
    roles = [role for role in roles if role in known] or known[:4]
    for n, id in enumerate(("P3", "P4", "P5", "P6", "P7", "P9", "P10")):
        workbook.put(unit(article, "role", id, roles[n % len(roles)]))
    for one in workbook.coding.on("attribution"):
        workbook.apply("attribution", {one.id: (one, None)})
    for n, (id, source, cue, content, mode) in enumerate(
        [
            ("P4", "Officials on both sides", "warned", "hoping for much", "indirect"),
            ("P5", "a senior official in her ministry", "told",
             "“Nobody should look for a signed paper,”", "direct"),
            ("P10", "he", "said", "“Ask me again when the ferry sails,”", "direct"),
        ]
    ):  # fmt: skip
        block = article.block(id)
        place = {}
        for part, words in (("source", source), ("cue", cue), ("content", content)):
            start = block.start + block.text.index(words)
            place[part] = (Span(start, start + len(words)),)
        ends = [edge for (span,) in place.values() for edge in (span.start, span.end)]
        workbook.put(
            Annotation(
                f"a{n}", "attribution", Span(min(ends), max(ends)), parts=place,
                fields={"speaker": source, "mode": mode},
            )
        )  # fmt: skip
    return workbook.coding


def test_the_workbook_begins_with_the_suggestions_once(data):
    add(STORY, id="velsk")
    workbook = workbook_of("velsk")
    here = context(data, "velsk")
    assert list(workbook.coding) == list(suggest(here.article, here.codebook).coding)
    for one in workbook.coding.on("position"):
        workbook.apply("position", {one.id: (one, None)})
    assert workbook_of("velsk").coding.on("position") == ()


def test_what_is_kept_is_what_was_labelled_and_can_be_checked(data):
    add(STORY, id="velsk")
    coding = labelled(data)
    ids = keep_reference("velsk", coding)
    home = data / "velsk"
    here = context(data, "velsk")

    def bare(labels):
        return [replace_note(one, "") for one in labels]

    assert bare(here.reference.coding) == bare(coding)
    assert here.reference.coding.coder == "reference"
    # With one reader, every label of the reference counts: the rules are no second reader.
    assert [p.name for p in (home / "codings").iterdir()] == ["reference.json"]
    assert (home / "suggested.json").exists()
    assert here.reference.anchors("role") == set(coding.by_id("role"))
    assert here.facts["attributions"].value == 3

    asked = {e.id: e for e in load_file(home / "exercises" / "07-velsk.toml")}
    assert tuple(asked) == ids
    checked = [e for e in asked.values() if e.checked]
    assert [e.layer for e in checked] == ["", "role", "attribution"]
    assert exercises.problems(checked, here) == []
    roles, records = checked[1:]
    codes = [coding.codes("role")[id] for id in roles.units]
    assert len(set(codes)) >= 3 and max(codes.count(code) for code in codes) <= 2
    assert records.blocks == ("P4", "P5", "P10")
    for exercise in checked[1:]:
        for answer, verdict in ((expected, "yes"), (wrong, "not yet")):
            labels = answer(exercise, here).labels
            mine = replace(here, coding=Coding(here.article, here.codebook, "x", labels))
            assert exercises.check(exercise, {}, mine).verdict == verdict, exercise.id
    assert "has 3 of them" in exercises.check(records, {}, replace(here, coding=coding)).say


def test_no_note_of_a_rule_is_taken_for_the_instructors(data):
    add(STORY, id="velsk")
    workbook = workbook_of("velsk")
    first, second = workbook.coding.on("position")[:2]
    assert first.note.startswith("rule ")
    # Changed, with the rule's note still on it; and accepted, with a reason of one's own.
    workbook.put(unit(workbook.article, "position", first.id, "caption"))
    changed = replace_note(workbook.coding.by_id("position")[first.id], first.note)
    workbook.apply("position", {first.id: (workbook.coding.by_id("position")[first.id], changed)})
    workbook.apply("position", {second.id: (second, replace_note(second, "rule of thumb"))})
    keep_reference("velsk", workbook.coding)
    kept = context(data, "velsk").reference.coding
    assert kept.by_id("position")[second.id].note == "rule of thumb"
    assert kept.by_id("position")[first.id].codes == ("caption",)
    assert [one.note for one in kept if one.note] == ["rule of thumb"]
    stand = len(workbook.coding) - 1
    assert f"{stand} of {len(workbook.coding)} labels stand as suggested" in kept.about


def test_what_is_no_label_any_more_is_not_kept(data):
    add(STORY, id="velsk")
    coding = labelled(data)
    workbook = workbook_of("velsk")
    # Somebody takes a role out in the labeller: the note stays there, and nothing else.
    was = coding.by_id("role")["P4"]
    empty = msgspec.structs.replace(was, codes=(), note="Why?")
    workbook.apply("role", {"P4": (was, empty)})
    # And calls a line a caption after giving it a role.
    line = workbook.coding.by_id("position")["P5"]
    workbook.apply("position", {"P5": (line, unit(workbook.article, "position", "P5", "caption"))})
    assert "P5" in workbook.coding.by_id("role") and "P4" in workbook.coding.by_id("role")
    keep_reference("velsk", workbook.coding)
    here = context(data, "velsk")
    assert not {"P4", "P5"} & set(here.reference.coding.by_id("role"))
    asked = {e.layer: e for e in new_article.exercises_of("velsk") if e.layer and e.checked}
    assert "P5" not in asked["role"].units
    assert asked["attribution"].blocks == ("P4", "P10")  # P5 is a caption now
    assert exercises.problems([e for e in asked.values()], here) == []


def test_only_the_layers_that_were_gone_through_are_kept(data):
    add(STORY, id="velsk")
    coding = labelled(data)
    before = tree(data)
    for layers, said in ((["roles"], "no layer roles"), (["wording"], "no label yet")):
        with pytest.raises(NewArticleError, match=said):
            keep_reference("velsk", coding, layers)
    assert tree(data) == before
    ids = keep_reference("velsk", coding, ["role", "position"])
    kept = context(data, "velsk").reference.coding
    assert {one.layer for one in kept} == {"role", "position"}
    assert [e.layer for e in new_article.exercises_of("velsk") if e.checked] == ["", "role"]
    assert tuple(e.id for e in new_article.exercises_of("velsk")) == ids


def test_how_far_somebody_has_gone_through_the_suggestions(data):
    added = add(STORY, id="velsk")
    workbook = workbook_of("velsk")
    gone = {g.layer.id: g for g in new_article.gone_through("velsk", workbook.coding)}
    assert list(gone) == [layer for layer in new_article.LAYERS if layer in added.suggested]
    assert {id: g.labels for id, g in gone.items()} == added.suggested
    assert all(g.untouched and g.same == g.labels for g in gone.values())

    first, second, third = workbook.coding.on("position")[:3]
    workbook.apply("position", {first.id: (first, None)})
    workbook.put(unit(workbook.article, "position", second.id, "caption"))
    workbook.apply("position", {third.id: (third, replace_note(third, "Mine."))})
    words = Annotation("mine", "wording", third.at, ("other",))
    known = [code.id for code in workbook.codebook.layer("wording").codes]
    workbook.put(msgspec.structs.replace(words, codes=(known[0],)))
    for kept in (False, True):  # the suggestions move when a reference is kept
        gone = {g.layer.id: g for g in new_article.gone_through("velsk", workbook.coding)}
        count = added.suggested["position"]
        assert gone["position"][1:] == (count - 2, 1, 0, 1) and not gone["position"].untouched
        assert gone["wording"][1:] == (0, 0, 1, 0) and not gone["wording"].untouched
        assert gone["attribution"].untouched
        if not kept:
            keep_reference("velsk", workbook.coding)


def test_a_reference_can_be_kept_again_and_what_was_changed_by_hand_stays(data):
    add(STORY, id="velsk")
    coding = labelled(data)
    keep_reference("velsk", coding)
    home = data / "velsk"
    first = (home / "codings" / "reference.json").read_bytes()
    path = home / "exercises" / "07-velsk.toml"
    path.write_text(path.read_text("utf-8").replace("What do these", "What do all these"), "utf-8")
    by_hand = path.read_bytes()
    less = coding.replace("attribution", dict.fromkeys(coding.by_id("attribution")))
    keep_reference("velsk", less)
    assert path.read_bytes() == by_hand
    assert (home / "codings" / "reference.json.before").read_bytes() == first
    assert context(data, "velsk").facts["attributions"].value == 0
    assert context(data, "velsk").reference.readers == ()


def test_only_an_added_article_gets_a_reference_so(data):
    before = tree(data)
    here = datasets.load_coding("harran-talks", "a")
    for id in ("harran-talks", "../harran-talks", "nowhere"):
        with pytest.raises(NewArticleError, match="is no article that was added here"):
            keep_reference(id, here)
    assert tree(data) == before
    add(STORY, id="velsk")
    empty = context(data, "velsk").coding
    with pytest.raises(NewArticleError, match="no label yet"):
        keep_reference("velsk", empty)
    assert not (data / "velsk" / "codings" / "reference.json").exists()


def test_exercises_that_make_no_sense_are_not_made(data):
    plain = Article.from_text("plain", "The minister spoke.\n\nNobody wrote it down.\n")
    assert pick(plain, None, 7) == []
    codebook = Codebook.from_folder(data / "codebook")
    codes = [code.id for code in codebook.layer("role").codes]
    text = "".join(f"The minister spoke on day {n}.\n\n" for n in range(40))
    long = Article.from_text("long", text)

    def roles(*chosen: str) -> Coding:
        labels = [unit(long, "role", f"P{n}", chosen[n % len(chosen)]) for n in range(1, 41)]
        return Coding(long, codebook, "reference", labels)

    assert pick(long, roles(*codes[:2]), 7) == []  # two roles could be guessed
    (table,) = pick(long, roles(*codes[:6]), 7)
    assert (table["id"], table["layer"], len(table["units"])) == ("7.7", "role", 8)
    many = Article.from_text("many", "“Yes,” she said. " * 31)
    assert pick(many, None, 7)[0]["fields"][0]["id"] == "words"
    assert len(pick(many, None, 7)[0]["fields"]) == 1


@pytest.mark.parametrize("typed", ["Norland, Velsk", "Norland and Velsk", " Norland ;Velsk"])
def test_an_article_knows_its_two_sides_and_what_comes_back_in_it(typed, data):
    story = STORY + "\n\nThe chapel shines.\n\nWho owns the chapel?\n\nThe chapel is old."
    added = add(story, id="velsk", title="Velsk", sides=typed)
    book = context(data, "velsk").codebook
    options = book.layer("attribution").field("affiliation").options
    assert [one.name for one in options] == [
        *("Norland government", "Velsk government", "Both governments"),
        *("Norland, other", "Velsk, other", "Third country", "Unclear"),
    ]
    assert [side.name for side in Sides(Coding(added.article, book, "x")).all] == [
        *("Norland", "Velsk"),
    ]
    assert "chapel" in {code.id for code in book.layer("issue").codes}
    suggested = Coding.from_file(data / "velsk/codings/suggested.json", added.article, book)
    assert [one.codes for one in suggested.on("issue") if "chapel" in one.at.text] == [
        *[("chapel",)] * 3,
    ]


def test_sides_without_a_name_are_no_countrys(data):
    add(STORY, id="velsk", title="Velsk")
    options = context(data, "velsk").codebook.layer("attribution").field("affiliation").options
    assert options[0].name == "First side government"
    assert not any(word in str(options) for word in ("US", "China", "Chinese"))
    for typed in ("Norland", "Norland, Velsk, Ostrey", "Velsk, velsk"):
        with pytest.raises(NewArticleError, match="Name the two sides with a comma"):
            add(STORY, id="other", title="Velsk", sides=typed)
    assert new_article.added_ids() == ["velsk"]


# -- the form --------------------------------------------------------------------------------------


def test_the_form_adds_an_article_shows_the_labeller_and_keeps_the_reference(data):
    assert "Nothing here yet" in repr(forms.label("role"))
    assert "Nothing here yet" in repr(forms.keep_as_reference())
    panel = forms.add_article()
    values = {"text": RAW.replace("Ana Dorn", "<b>Dorn</b>"), "title": "Velsk", "id": "velsk"}
    said = status_of(panel, "check", **values)
    assert "Nothing is kept yet" in said and "“Velsk”" in said
    headline = STORY.partition("\n")[0]
    assert f"“{headline}”" in status_of(panel, "check", **{**values, "title": ""})
    assert "surplus blanks in 1 place" in panel.html and "<b>Dorn" not in panel.html
    assert new_article.added_ids() == []
    assert "cannot be the short name" in status_of(panel, "add", **{**values, "id": "../x"})
    # Every line stands there with a tick, and without it is left out.
    (lines,) = (field for field in panel.fields if field["id"].startswith("lines-"))
    every = lines["value"].split()
    assert len(every) == len(lines["options"]) == len(STORY.strip().split("\n\n"))
    without = {**values, lines["id"]: " ".join(every[:-1]), "sides": "Norland"}
    assert "Name the two sides" in status_of(panel, "add", **without)
    status_of(panel, "check", **without)
    assert "Left out 1 paragraph as you chose" in panel.html
    assert status_of(panel, "add", **values).startswith("Added: “Velsk”")
    assert "left as it is" in status_of(panel, "add", **values)

    labeller = forms.label("position")
    assert isinstance(labeller, Labeller)
    was = labeller.workbook.coding.by_id("position")["P11"]
    assert was.codes == ("furniture",) and was.note.startswith("rule ")
    changed = Annotation(was.id, "position", was.at, ("caption",), note="Mine.")
    labeller.workbook.apply("position", {was.id: (was, changed)})

    keep = forms.keep_as_reference()
    assert f"{len(labeller.workbook.coding)} labels" in keep.html
    assert "Untouched so far: Attribution, Expectation" in keep.html and "Role" not in keep.html
    # The page follows the labels; a form of before, which nobody sees any more, does not.
    before, keep = keep, forms.keep_as_reference()
    said = labeller.workbook.coding.on("attribution")[0]
    labeller.workbook.apply("attribution", {said.id: (said, None)})
    for id, code in (("P4", "expectation"), ("P5", "evaluation"), ("P6", "main-event")):
        labeller.workbook.put(unit(labeller.workbook.article, "role", id, code))
    assert "Untouched so far: Expectation" in keep.html and ">Role</" in keep.html
    assert "Untouched so far: Attribution" in before.html
    assert "no layer rolle" in status_of(keep, "keep", layers="Role, rolle")
    assert not (data / "velsk" / "codings" / "reference.json").exists()
    assert status_of(keep, "keep", layers="Role, position").startswith(
        "Kept as the reference of velsk"
    )
    assert "checked against your labels of" in keep.html and "07" in keep.html
    kept = context(data, "velsk").reference.coding
    assert {one.layer for one in kept} == {"role", "position"}
    assert status_of(keep, "keep").startswith("Kept as the reference of velsk")
    kept = context(data, "velsk").reference.coding.by_id("position")[was.id]
    assert (kept.codes, kept.note) == (("caption",), "Mine.")


def test_the_form_goes_back_to_an_article_and_to_no_other(data):
    for id in ("one", "two"):
        status_of(forms.add_article(), "add", text=STORY, id=id)
    assert forms.label("role").workbook.article.id == "two"
    assert "Chosen: one" in status_of(forms.add_article(), "back-one")
    assert forms.label("role").workbook.article.id == "one"
    for button in ("back-harran-talks", "back-../one"):
        assert "is no article that was added" in status_of(forms.add_article(), button)
    assert forms.label("role").workbook.article.id == "one"
    shutil.rmtree(data / "one")
    assert "Nothing here yet" in repr(forms.label("role"))


# -- from a file to a class ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """A whole kit, into which an instructor may write."""
    place = tmp_path_factory.mktemp("an instructor") / "kit"
    left_out = shutil.ignore_patterns("__pycache__", ".ipynb_checkpoints")
    for name in ("kit", "desk", "datasets", "notebooks"):
        shutil.copytree(ROOT / name, place / name, ignore=left_out)
    for path in ROOT.iterdir():
        if path.is_file() and not path.name.startswith("."):
            shutil.copyfile(path, place / path.name)
    (place / "story.txt").write_text(RAW, encoding="utf-8")
    return place


def python(copy: Path, *arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=copy,
        env={
            **os.environ,
            "PYTHONPATH": str(copy),
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONIOENCODING": "utf-8",
            "KIT_WORK": str(copy / "work"),
        },
        capture_output=True,
        encoding="utf-8",
    )


def test_an_added_article_is_handed_out_and_done(copy, tmp_path):
    mine = ["--id", "velsk", "--source", "the drawer of my desk"]
    done = python(copy, "-m", "desk", "new-article", "story.txt", *mine)
    assert done.returncode == 0, done.stderr
    assert "surplus blanks in 1 place" in done.stdout and "kept as velsk" in done.stdout
    again = python(copy, "-m", "desk", "new-article", "story.txt", "--id", "velsk")
    assert again.returncode == 1 and again.stderr.count("\n") == 1
    evil = python(copy, "-m", "desk", "new-article", "story.txt", "--id", "../evil")
    assert evil.returncode == 1 and "cannot be the short name" in evil.stderr
    assert not (copy / "evil").exists()
    keep = (
        "from desk.author import new_article as n; "
        "print(n.keep_reference('velsk', n.workbook_of('velsk').coding))"
    )
    kept = python(copy, "-c", keep)
    assert kept.returncode == 0, kept.stderr

    for mode in ("practice", "graded"):
        out = tmp_path / mode
        command = ["assign", "--id", "own", "--title", "Velsk", "--lessons", "07"]
        command += ["--article", "velsk", "--mode", mode, "--out", str(out)]
        made = python(copy, "-m", "desk", *command)
        assert made.returncode == 0, made.stderr
        asked = json.loads((out / "assignment.json").read_text(encoding="utf-8"))
        assert (asked["article"], asked["lessons"]) == ("velsk", ["07-velsk"])
        assert {"7.2", "7.7"} <= set(asked["exercises"])
        assert not {"7.1", "7.6"} & set(asked["exercises"])
        assert ("7.5" in asked["exercises"]) == (mode == "practice")  # about the rules
        codings = {path.name for path in out.rglob("codings/*")}
        assert codings == ({"reference.json"} if mode == "practice" else set())
        assert not list(out.rglob("suggested.json"))
        texts = [path.read_text("utf-8", "replace") for path in out.rglob("*") if path.is_file()]
        assert not any("drawer of my desk" in text for text in texts)
        secret = (out / "WHAT-IS-SECRET.txt").read_text(encoding="utf-8")
        assert ("one that you added yourself" in secret) == (mode == "graded")

        path = out / "notebooks" / "07-velsk.ipynb"
        notebook = nbformat.read(path, as_version=4)
        nbformat.validate(notebook)
        sources = [cell.source for cell in notebook.cells]
        assert "today.my_text()" not in sources and 'today.task("7.7")' in sources
        assert 'today.task("7.1")' not in sources and "tell where it comes from" not in str(sources)
        client = NotebookClient(
            notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}
        )
        work = tmp_path / f"work-{mode}"
        env = {**os.environ, "KIT_WORK": str(work), "PYTHONPATH": str(out)}
        client.execute(env=env, stderr=subprocess.DEVNULL)
        (task,) = (cell for cell in notebook.cells if cell.source == 'today.task("7.7")')
        html = task.outputs[0]["data"]["text/html"]
        assert ("your instructor marks it" in html) == (mode == "graded")


def test_without_rules_there_are_no_suggestions_and_all_else_works(copy, tmp_path):
    place = tmp_path / "kit"
    shutil.copytree(copy, place)
    shutil.rmtree(place / "kit" / "suggest")
    done = python(place, "-m", "desk", "new-article", "story.txt", "--id", "bare")
    assert done.returncode == 0, done.stderr
    assert "suggest labels" not in done.stdout
    assert not (place / "datasets" / "bare" / "codings").exists()
    opened = python(
        place,
        "-c",
        "from desk.author import new_article as n; print(n.workbook_of('bare').coding)",
    )
    assert "empty" in opened.stdout, opened.stderr


def test_a_layer_without_rules_is_simply_not_suggested(copy, tmp_path):
    place = tmp_path / "kit"
    shutil.copytree(copy, place)
    (place / "kit" / "suggest" / "issue.py").unlink()
    done = python(place, "-m", "desk", "new-article", "story.txt", "--id", "bare")
    assert done.returncode == 0, done.stderr
    (line,) = (line for line in done.stdout.splitlines() if "suggest labels" in line)
    assert "on position" in line and "issue" not in line
