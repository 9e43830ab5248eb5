"""Own texts: kept once and whole, chosen by student, and never a way out of the folder."""

import base64
import hashlib
import subprocess
import sys

import pytest

from kit.base.errors import KitError
from kit.coding.coding import Annotation
from kit.coding.sides import Sides
from kit.lessons.texts import chosen, text_panel
from kit.library import datasets
from kit.text.article import ArticleError
from kit.text.intake import clean
from kit.text.span import Span
from kit.widgets.panel import Answer, Field, Panel, Upload
from kit.work import own_texts
from kit.work.errors import NotSaved
from kit.work.names import file_stem
from kit.work.own_texts import PRACTICE, OwnTextError, choose, current, keep, load, texts
from kit.work.workbook import Workbook

STORY = clean("\n".join(f"Paragraph {n} of a story about a visit, a lake and a treaty. " * 2
                        for n in range(1, 12)))  # fmt: skip
OTHER = clean("Another story altogether, about ships and who may call at which harbour. " * 9)


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("KIT_WORK", str(tmp_path))
    return tmp_path / "texts"


# -- keeping --------------------------------------------------------------------------------------


def test_a_kept_text_is_an_article_like_any_other(folder):
    kept = keep(STORY, "The lake treaty")
    sha256 = hashlib.sha256(STORY.text.encode()).hexdigest()
    assert (kept.id, kept.sha256) == (f"own-{sha256[:8]}", sha256)
    assert (kept.text, kept.title) == (STORY.text, "The lake treaty")
    assert len(kept.blocks) == 11
    assert kept.meta["cleaned"] == [change.what for change in STORY.changes]
    assert (folder / kept.id / "article.txt").read_bytes() == STORY.text.encode()
    assert texts() == ((kept.id, "The lake treaty"),)


def test_work_on_it_is_kept_like_any_other(tmp_path):
    kept = keep(STORY)
    workbook = Workbook.open(kept, datasets.codebook(kept.id), "Ana")
    unit = kept.unit("P1")
    workbook.put(Annotation("P1", "position", Span(unit.start, unit.end), ("headline",)))
    assert workbook.path == (tmp_path / kept.id / f"{file_stem('Ana')}.json").resolve()
    again = Workbook(load(kept.id), datasets.codebook(kept.id), "Ana", workbook.path)
    assert again.coding.codes("position") == {"P1": "headline"}


@pytest.mark.parametrize(
    "title",
    [
        '"Quoted" \\ and \\"more\\"',
        "<script>alert(1)</script>",
        "שלום 北京 😀",
        "../../x",
        "a = 1 # [x]",
        "''' \"\"\"",
    ],
)
def test_any_title_comes_back_as_it_was_typed(title):
    assert load(keep(STORY, title).id).title == title


def test_a_title_is_one_line_of_fair_length():
    assert keep(STORY, ' a\nb\x7f\x00\tc = "1"\r\n').title == 'a b c = "1"'
    assert len(keep(STORY, "x" * 1000).title) == 200
    assert keep(STORY, "half \ud83d").title == "half ?"


def test_without_a_title_the_beginning_is_taken():
    assert keep(STORY).title.startswith("Paragraph 1 of a story about a visit")
    assert len(keep(STORY).title) <= 82


def test_the_same_text_is_kept_once_and_loses_nothing():
    first = keep(STORY, "The lake treaty")
    again = keep(clean(STORY.text))
    assert (again.id, again.title, again.meta) == (first.id, first.title, first.meta)
    assert keep(STORY, "A better title").title == "A better title"
    assert len(texts()) == 1


def test_two_texts_lie_side_by_side():
    kept = {keep(STORY, "b").id, keep(OTHER, "A").id}
    assert {id for id, _ in texts()} == kept
    assert [title for _, title in texts()] == ["A", "b"]


def test_a_changed_file_is_refused_and_mended_by_bringing_the_text_again(folder):
    kept = keep(STORY, "The lake treaty")
    file = folder / kept.id / "article.txt"
    file.write_text("somebody typed here", encoding="utf-8")
    with pytest.raises(ArticleError, match="has been changed"):
        load(kept.id)
    assert texts() == ()
    assert keep(STORY, "The lake treaty").text == STORY.text
    assert file.with_name("article.bak.txt").read_text("utf-8") == "somebody typed here"


@pytest.mark.parametrize(
    "head", [b"", b"title = 3\n", b"cleaned = 3\n", b'cleaned = [3]\ntitle = "x"\n', b"\xff\0 = ["]
)
def test_a_damaged_head_never_ends_in_a_traceback(folder, head):
    kept = keep(STORY, "The lake treaty")
    (folder / kept.id / "article.toml").write_bytes(head)
    try:
        assert load(kept.id).text == STORY.text
    except KitError as problem:
        assert str(folder) in str(problem)
    texts()
    assert keep(STORY, "Again").title == "Again"


def test_a_text_without_its_hash_is_held_against_its_id(folder):
    kept = keep(STORY)
    (folder / kept.id / "article.toml").unlink()
    assert load(kept.id).text == STORY.text
    (folder / kept.id / "article.txt").write_bytes(OTHER.text.encode())
    with pytest.raises(OwnTextError, match="have been changed"):
        load(kept.id)


def test_a_folder_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "texts").write_text("a file where the folder should be")
    with pytest.raises(NotSaved, match="could not be written"):
        choose("Ana", PRACTICE)
    assert texts() == ()


# -- ids from outside -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "id",
    [
        "../x",
        "own-../../../x",
        "own-0a1b2c3d/../x",
        "own-0a1b2c3d\n",
        "own-0A1B2C3D",
        "own-٠١٢٣٤٥٦٧",
        "own-0a1b2c3",
        "own-0a1b2c3d",
        "/etc",
        "C:\\x",
        "x\0y",
        "",
        ".",
    ],
)
def test_no_id_leads_out_of_the_folder(tmp_path, id):
    (tmp_path / "x").mkdir()
    (tmp_path / "x" / "article.txt").write_text(STORY.text, encoding="utf-8")
    with pytest.raises(ArticleError):
        load(id)
    with pytest.raises(ArticleError):
        choose("Ana", id)
    assert current("Ana") == PRACTICE
    assert not own_texts.is_own(id) or id == "own-0a1b2c3d"


def test_other_ids_are_those_of_the_kit():
    assert load(PRACTICE) is datasets.load_article(PRACTICE)


# -- the choice -----------------------------------------------------------------------------------


def test_everybody_begins_with_the_practice_article_and_chooses_alone():
    kept = keep(STORY)
    assert current("Ana") == PRACTICE
    choose("Ana", kept.id)
    assert (current("Ana"), current("Ben")) == (kept.id, PRACTICE)
    assert current("ana") == PRACTICE  # another name
    choose("Ana", PRACTICE)
    assert current("Ana") == PRACTICE


@pytest.mark.parametrize("student", ["../x", "..", "/etc/x", "x\0y", "", "Łukasz", "CON"])
def test_no_name_leads_out_of_the_folder(folder, student):
    choose(student, keep(STORY).id)
    assert current(student) == keep(STORY).id
    names = {path.name for path in folder.iterdir()}
    assert len(names) == 2 and all("choice.txt" in n or n.startswith("own-") for n in names)


@pytest.mark.parametrize(
    "choice", [b"", b"../x", b"own-00000000", b"\xff\xfe\0", b"own-" * 100_000, b"harran-talks\n\n"]
)
def test_a_choice_that_cannot_be_used_falls_back_and_is_left_alone(folder, choice):
    kept = keep(STORY)
    choose("Ana", kept.id)
    (folder / f"{file_stem('Ana')}.choice.txt").write_bytes(choice)
    assert current("Ana") == PRACTICE
    assert (folder / f"{file_stem('Ana')}.choice.txt").read_bytes() == choice
    assert load(kept.id).text == STORY.text


def test_a_text_that_is_gone_for_a_while_is_chosen_again_when_it_is_back(folder):
    kept = keep(STORY)
    choose("Ana", kept.id)
    (folder / kept.id).rename(folder / "elsewhere")
    assert current("Ana") == PRACTICE
    (folder / "elsewhere").rename(folder / kept.id)
    assert current("Ana") == kept.id


def test_another_process_finds_the_choice(tmp_path):
    choose("Ana", keep(STORY).id)
    code = "from kit.work import own_texts; print(own_texts.load(own_texts.current('Ana')).title)"
    done = subprocess.run([sys.executable, "-X", "utf8", "-c", code], cwd=datasets.root(),
                          capture_output=True, encoding="utf-8", check=True)  # fmt: skip
    assert done.stdout.strip() == keep(STORY).title


# -- the page -------------------------------------------------------------------------------------


def pressed(values: object) -> dict:
    """Return what a press hands to Python, for what a page sent as values."""
    got = {}

    def press(_panel, _button, values):
        got.update(values)
        return Answer("done")

    fields = [
        Field("name", "Name", "Ana"),
        Field("text", "Text", type="area"),
        Field("f", "File", type="file"),
    ]
    panel = Panel("A panel", "<p>", fields=fields, on_press=press)
    assert [field["type"] for field in panel.fields] == ["line", "area", "file"]
    panel.send = lambda content, buffers=None: None
    panel._receive(panel, {"type": "press", "button": "use", "values": values}, [])
    return got


def test_a_panel_takes_lines_areas_and_files():
    data = base64.b64encode("é".encode()).decode()
    values = {"name": "Ana", "text": "a\nb", "f": {"name": "../x.txt", "data": data}}
    assert pressed(values) == {
        "name": "Ana",
        "text": "a\nb",
        "f": Upload("../x.txt", "é".encode()),
    }


@pytest.mark.parametrize(
    "file",
    [
        None,
        3,
        {},
        {"name": "x"},
        {"name": 3, "data": "YQ=="},
        {"name": "x", "data": "not base64!"},
        {"name": "x", "data": "é"},
        {"name": "x", "data": "A" * 3_000_000},
    ],
)
def test_what_is_no_file_is_left_out(file):
    assert pressed({"f": file, "text": "t"}) == {"text": "t"}


def test_the_largest_file_gets_through():
    data = b"x" * 2 * 1024 * 1024
    assert pressed({"f": {"name": "x", "data": base64.b64encode(data).decode()}})["f"].data == data


def test_an_own_text_is_told_by_its_id():
    assert own_texts.is_own(keep(STORY).id)
    assert not own_texts.is_own(PRACTICE)


# -- the two sides --------------------------------------------------------------------------------


def affiliations(article) -> dict[str, str]:
    options = own_texts.codebook(article).layer("attribution").field("affiliation").options
    return {option.id: option.name for option in options}


def test_the_two_sides_that_a_student_names_are_called_so_and_work_of_before_fits(tmp_path):
    plain = keep(STORY)
    words = plain.blocks[0].words[0]
    said = Annotation(
        "a1",
        "attribution",
        Span(*words),
        parts={"content": (Span(*words),)},
        fields={"speaker": "She", "affiliation": "us-government"},
    )
    before = Workbook.open(plain, own_texts.codebook(plain), "Ana")
    before.put(said)
    named = keep(STORY, sides=["Norland", " Upper, Velsk "])
    assert named.meta["sides"] == ["Norland", "Upper Velsk"] == keep(STORY).meta["sides"]
    called = affiliations(named)
    assert called["us-government"] == "Norland, government"
    assert called["chinese-other"] == "Upper Velsk, other"
    assert called["unclear"] == affiliations(plain)["unclear"] and len(called) == 7
    after = Workbook.open(named, own_texts.codebook(named), "Ana")
    assert len(after.coding) == 1 and after.path == before.path
    sides = Sides(after.coding)
    assert [side.name for side in sides.all] == ["Norland", "Upper Velsk"]
    assert sides.of_voice("she").name == "Norland"


@pytest.mark.parametrize("sides", [["Norland"], ["Norland", ""], ["a", "a"], ["a", "b", "c"], []])
def test_what_is_not_two_sides_is_none(sides):
    assert affiliations(keep(OTHER, sides=sides)) == affiliations(keep(STORY))


def test_the_panel_asks_for_the_sides_and_the_page_starts_again_with_them():
    first = keep(STORY)
    choose("student", first.id)
    book = Workbook.open(load(first.id), own_texts.codebook(first), "student")
    values = {"text": STORY.text, "one": "Norland", "other": "Velsk"}
    answer = text_panel(book)._on_press(text_panel(book), "use", values)
    assert answer.again and load(first.id).meta["sides"] == ["Norland", "Velsk"]


def test_every_line_of_a_text_has_a_tick_and_what_seems_to_be_of_the_page_is_asked_about():
    story = [f"{n}. " + "The ferry company talked with the unions again. " * 3 for n in range(90)]
    page = {5: "Lea Mill/Reuters", 40: "Read more: Ten islands to see before you die"}
    lines = [page.get(n, line.strip()) for n, line in enumerate(story)]
    _, fields = chosen({}, "\n\n".join(lines), "")
    (ticks,) = (field for field in fields if field.type == "lines")
    assert ticks.value.split() == [str(n + 1) for n in range(90)]
    for n, (_, said) in enumerate(ticks.options):
        asked = " (part of the page?)" if n in page else ""
        assert said == f"P{n + 1}{asked} {lines[n]}"
