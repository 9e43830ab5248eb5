"""Altered words are never given as speech: what is found, what is let be, and the texts."""

from pathlib import Path

import nbformat
import pytest

from kit.library import datasets
from kit.text.quotations import quotations
from tests.speech import speech_as_fact

ROOT = Path(__file__).resolve().parents[2]
ARTICLE = datasets.load_article("blinken-beijing-2023")
LONG = [
    ARTICLE.text[start + 1 : end - 1]
    for start, end in quotations(ARTICLE)
    if len(ARTICLE.text[start:end].split()) >= 4
]
TEXTS = sorted(
    path
    for pattern in (
        "notebooks/*.ipynb",
        "notebooks/instructor/*.md",
        "notebooks/instructor/*.ipynb",
        "datasets/*/*.toml",
        "datasets/*/exercises/*.toml",
        "datasets/*/teaching/*.toml",
        "datasets/*/codings/README.md",
        "docs/*.md",
        "README.md",
    )
    for path in ROOT.glob(pattern)
)


def texts_of(path: Path) -> list[str]:
    if path.suffix != ".ipynb":
        return [path.read_text(encoding="utf-8")]
    cells = nbformat.read(path, as_version=4).cells
    others = [text for cell in cells for text in cell.metadata.get("kit", {}).values()]
    return [
        *(cell.source for cell in cells if cell.cell_type == "markdown"),
        *("".join(text) for text in others),
    ]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_no_text_gives_altered_words_as_speech(path):
    assert [found for text in texts_of(path) for found in speech_as_fact(text)] == []


def test_all_kinds_of_texts_are_looked_at():
    names = {path.parent.name for path in TEXTS}
    assert {"notebooks", "instructor", "exercises", "teaching", "codings"} <= names
    assert {path.name for path in TEXTS} >= {"facts.toml", "disputed.toml"}


@pytest.mark.parametrize("words", LONG)
@pytest.mark.parametrize("frame", ["Blinken said: “{}”", "“{},” she told reporters.", "Shen: «{}»"])
def test_every_quotation_is_known(words, frame):
    assert speech_as_fact(frame.format(words))


@pytest.mark.parametrize(
    "text",
    [
        "Blinken said that he wanted “to discover the potential for cooperation”.",
        'Blinken said that he wanted "to discover the potential for cooperation".',
        "Blinken said that he wanted ‘to discover the potential for cooperation’.",
        "Kim put it like this: “neither facet desires to look” weak.",
        "According to Shen, it depends on “what might be finished by the 2 sides”.",
        "In his own words, “we put together for the worst”.",
        "Biden, on Saturday: “areas we are able to get alongside”.",
        "“Critical difficulties and challenges” – the Chinese ambassador",
        "“As to what comes subsequent, let's see.” Blinken said so on Friday.",
        "Blinken spoke on Friday. He said this. “This is a crucial however, in a way, step.”",
        "He explained the delay: it “created the *circumstances that* undermine the aim”.",
        "Blinken’s “created the circumstances” is the key.",
        "The words of the secretary were “created the circumstances”.",
        "Blinken said:\n\n> What we’re working to do on this journey is to carry ahead\n",
        "P20 says a lot. Blinken said that it “created the circumstances”.",
        "P20 says that Blinken said that it “created the circumstances”.",
        # Speech is claimed where an excuse is none.
        "These words are not altered: Blinken said it “created the circumstances”.",
        "Copy the words. Blinken said it “created the circumstances”.",
        "A machine wrote the rest. Then it rained. He said it “created the circumstances”.",
        # A guess at what was said is a guess.
        "Blinken said that he wanted “regular lines of communication”.",
        "Blinken said: “We want to establish something, and to explore it, across levels, as best "
        "possible, and to carry forward our work.”",
        "Shen said: “Hope won’t turn into reality.”",
    ],
)
def test_speech_is_found(text):
    assert len(speech_as_fact(text)) >= 1


@pytest.mark.parametrize(
    "text",
    [
        # This copy has the words, and nobody is said to have spoken them.
        "This copy has Blinken say that it “created the circumstances”.",
        "P20 has “created the circumstances” inside quotation marks.",
        "P20 says “created the circumstances”.",
        "The file prints “created the circumstances” where Blinken said something else.",
        "The words were altered. Blinken said, if you trust it, “created the circumstances”.",
        "A machine wrote “created the circumstances”; it is not what Blinken said.",
        "“Created the circumstances” is in quotation marks. Who checks such words?",
        "The likely original of what he said is “regular lines of communication”: a guess.",
        "The first half (“to the shared conclusion”) explains why one goes at all.",
        # Others speak, or the words are no quotation's.
        "Kritenbrink said that the time was right.",
        "Our trainer said: “A draw would be a success.”",
        "The trainer said that the first lowers; see “high-stakes go to” in P6.",
        "Blinken said that created the circumstances is an odd phrase, without any marks.",
        "“We shall see,” she said.",
        # Two words in a row are anybody's.
        "Biden said “professional variations”.",
        "He said it was “very actual”, didn’t he, and it wasn’t ‘points’ at all.",
        "",
    ],
)
def test_what_is_no_speech_is_let_be(text):
    assert speech_as_fact(text) == []


def test_the_sentence_is_returned_and_no_other():
    text = "The visit was short. Blinken said it “created the circumstances”. He left on Monday."
    assert speech_as_fact(text) == ["Blinken said it “created the circumstances”."]


def test_toml_is_read_by_its_strings():
    text = (
        "# Blinken said it “created the circumstances”.\n"
        'quiet = "P20 has “created the circumstances”."\n'
        "[[exercises]]\n"
        'prompt = """\nBlinken said it\n“created the circumstances”.\n"""\n'
        'reasons = { a = "He told us: “we put together for the worst”.", b = "No." }\n'
    )
    assert speech_as_fact(text) == [
        "Blinken said it “created the circumstances”.",
        "He told us: “we put together for the worst”.",
        "Blinken said it “created the circumstances”.",
    ]


def test_an_excuse_in_another_string_does_not_count():
    text = 'a = "A machine altered this."\nb = "He said it “created the circumstances”."\n'
    assert speech_as_fact(text) == ["He said it “created the circumstances”."]
