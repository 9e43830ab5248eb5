"""Kinds of report that readers of comparable programs found misread: who speaks, and what is said.

Each kind has several texts; what is expected of one stands beside it as ``speaker: content``, a
record a line, contents in several pieces parted by a bar, and an empty speaker where it is
nobody's.
"""

import pytest

from kit import suggest
from kit.library import datasets
from kit.measure import same_spans
from kit.suggest import attribution
from kit.text.article import Article
from kit.text.quotations import quotations
from tests.benchmarks import reading

BOOK = datasets.codebook("a text from elsewhere")


def read(text):
    """Return who says what: ``(speaker, content)`` pairs, and the records."""
    article = Article.from_text("made-up", text)
    records = list(attribution.find(article, BOOK))

    def content(one):
        return " | ".join(text[s.start : s.end] for s in one.parts["content"])

    return [(one.fields.get("speaker", ""), content(one)) for one in records], records


SPEAKERS = {
    # names with descriptions, before and after; an office is nobody else's
    "offices": (
        "Talks end\n\nSecretary Ada Quill said the day was useful.\n\n"
        "The foreign minister said the visit was too short.\n\n"
        "Norland’s envoy, Dan Kray, said no.\n\n"
        "A spokeswoman for the port, Lu Mey, said no date was set.",
        ["Ada Quill", "foreign minister", "Dan Kray", "Lu Mey"],
    ),
    "office before the name": (
        "Velsk’s interior minister, Oda Brenn, said it was late. "
        "The interior minister said it was dark. The defence minister said it was cold.",
        ["Oda Brenn", "Oda Brenn", "defence minister"],
    ),
    "office after the name": (
        "Ivo Sand, the harbour master’s lawyer, said it was late. The lawyer said it was dark. "
        "The harbour master said it was cold.",
        ["Ivo Sand", "Ivo Sand", "harbour master"],
    ),
    "two with one office": (
        "Prime Minister Mika Rohn met Foreign Minister Ole Tarn. The foreign minister said it was "
        "late. The prime minister said it was dark. The ministers said they would meet again.",
        ["Ole Tarn", "Mika Rohn", "Mika Rohn and Ole Tarn"],
    ),
    # pronouns
    "pronouns": (
        "Talks in Halm end early\n\nBo Farr, who owns the ferries, said the talks had failed.\n\n"
        "Dan Kray, the mayor, came late. “I was stuck in traffic,” he said.\n\n"
        "“It was my fault,” Kray added.\n\n"
        "Lena Hart waited outside with her sister Ruth. “We were not let in,” she said.\n\n"
        "“That is not true,” he said.\n\n“Then who locked the door?” the owner asked.\n\n"
        "“My husband did,” Hart said. “He is sorry,” she added.\n\n"
        "Mia Kray, the mayor’s wife, said she would write a letter. “Nobody asked me,” Kray said."
        "\n\nPolice said nobody was hurt. They said two men were asked to leave.\n\n"
        "The union said it would vote. It said the vote would be on Monday.",
        [
            *("Bo Farr", "Dan Kray", "Dan Kray", "Lena Hart", "Dan Kray", "owner"),
            *("Lena Hart", "Lena Hart", "Mia Kray", "Mia Kray", "Police", "Police"),
            *("union", "union"),
        ],
    ),
    "nobody speaks of himself by name": (
        "“It is late,” said Per Hald, a farmer. Whether Ivo Sand stays will show how serious the "
        "port is, he said.",
        ["Per Hald", "Per Hald"],
    ),
    "an office is not who holds it": (
        "Mayor Edda Lorn smiled. The bridge will open in June, the mayor’s office said. The "
        "mayor’s statement said more.",
        ["mayor’s office", "Edda Lorn"],
    ),
    "they are no sentence": (
        "The miners agreed that the bridge would open. They hoped that experts could meet. They "
        "said that it was late.",
        ["miners"] * 3,
    ),
    "subject before object": (
        "Nora Pell drove to Lund with Ivar Moe. “It rained,” she said. Moe’s wife slept. "
        "“It snowed,” he said.",
        ["Nora Pell", "Ivar Moe"],
    ),
    "somebody without a name": (
        "A retired envoy came to the harbour. “It is late,” he said. The envoy said it was dark. "
        "Ms. Rohn laughed. “It is day,” she said.",
        ["retired envoy", "retired envoy", "Rohn"],
    ),
    "not across a heading, nor a caption": (
        "Mr. Ivar Moe crossed the bridge in the rain.\n\nTHE NEXT DAY\n\n“It is late,” he said.",
        [""],
    ),
    "over a caption": (
        "Oda Brenn, a fellow of the institute, said that it was late.\n\nLea Mill/Lund Post\n\n"
        "Minister Ole Tarn crosses the bridge in the morning.\n\n“It is dark,” she said.",
        ["Oda Brenn", "Oda Brenn"],
    ),
    "a statement is its owner’s": (
        "Ole Tarn stayed at home. “People are no coins,” his statement said. "
        "Oda Brenn’s statement said it was late.",
        ["Ole Tarn", "Oda Brenn"],
    ),
    # what belongs to a source
    "the company": ("The company that runs the ferries said it would not pay.", ["company"]),
    "a clause with another cue": (
        "The farmers who asked for rain said it was late. A guard that watches the gate said no "
        "boat had left.",
        ["farmers", "guard"],
    ),
    "times": (
        "Last night Ute Brandt said it was late. Hours later the union said it was dark. "
        "This morning the mayor said it was cold.",
        ["Ute Brandt", "union", "mayor"],
    ),
    "two people": (
        "Ada Obi said the bridge was safe and Bo Lind said it was not. "
        "Rohn warned it was late but Tarn said it was early.",
        ["Ada Obi", "Bo Lind", "Rohn", "Tarn"],
    ),
    "a state and another speaker": (
        "Ada Obi said it was late and Bo Lind said the bridge was closed. Ute Brandt warned that "
        "the harvest was poor and Emil Sand said prices would rise. The company said the winner "
        "was Cora Vance and Dan Roe said the race was fair.",
        ["Ada Obi", "Bo Lind", "Ute Brandt", "Emil Sand", "company", "Dan Roe"],
    ),
    "hearers are no speakers": (
        "Ada Obi was told that the bridge was shut. Ole Tarn was informed that it was open.",
        ["", ""],
    ),
}


@pytest.mark.parametrize(("text", "speakers"), SPEAKERS.values(), ids=SPEAKERS)
def test_who_speaks(text, speakers):
    assert [speaker for speaker, _ in read(text)[0]] == speakers


def test_a_man_who_asked_not_to_be_named_is_not_named():
    for text in (
        "A man who asked not to be named said the talks failed.",
        "A diplomat who was not allowed to speak said the talks failed.",
        "An aide who declined to be named told reporters that the talks failed.",
    ):
        (one,) = (r for r in read(text)[1] if "failed" in text[r.at.start : r.at.end][-7:])
        assert one.fields["identification"] == "described"


SAID = {
    "not to": (
        "Talks end\n\nNorland promised not to send ships.",
        [("Norland", "not to send ships")],
    ),
    "never to": ("Obi vowed never to return.", [("Obi", "never to return")]),
    "agreed not to": ("The ministers agreed not to meet.", [("ministers", "not to meet")]),
    "no longer": ("Obi said she would no longer wait.", [("Obi", "she would no longer wait")]),
    "denied": (
        "Obi denied that the bridge was shut.",
        [("Obi", "the bridge was shut")],
    ),
    "quoted as saying": (
        "Brandt was quoted as saying the bridge was safe.",
        [("Brandt", "the bridge was safe")],
    ),
    "quoted as saying that": (
        "Ole Tarn was quoted by the paper on Monday as saying that it was late. Rohn was quoted as "
        "saying “never again” was enough.",
        [("Ole Tarn", "it was late"), ("Rohn", "“never again” was enough")],
    ),
    # quotations
    "nested the British way": (
        "Talks end\n\n‘She told me “the files are gone” and hung up,’ Rosa Linden said.",
        [("Rosa Linden", "‘She told me “the files are gone” and hung up,’")],
    ),
    "nested at the end": (
        "‘We read it as “never”,’ said Ivo Sand.",
        [("Ivo Sand", "‘We read it as “never”,’")],
    ),
    "nested twice": (
        "‘It was “late” and “dark” in Lund,’ Oda Brenn said. ‘Nobody came.’",
        [("Oda Brenn", "‘It was “late” and “dark” in Lund,’ | ‘Nobody came.’")],
    ),
    "straight marks inside": (
        "'He called it \"a slip\" and left,' Ole Tarn said.",
        [("Ole Tarn", "'He called it \"a slip\" and left,'")],
    ),
    "over paragraphs": (
        "Talks end\n\n“We asked for one week.\n\n“Nobody can live with that,” Marta Devlin said.",
        [("Marta Devlin", "“We asked for one week. | “Nobody can live with that,”")],
    ),
    "over three paragraphs": (
        "“One.\n\n“Two.\n\n“Three,” said Ivo Sand.\n\n“Four,” said Oda Brenn.",
        [("Ivo Sand", "“One. | “Two. | “Three,”"), ("Oda Brenn", "“Four,”")],
    ),
    "over paragraphs, the British way": (
        "Oda Brenn left at noon.\n\n\"It was late. It rained.\n\n\"We went home,\" Brenn said.",
        [("Oda Brenn", "\"It was late. It rained. | \"We went home,\"")],
    ),
    "unclosed": (
        "Talks end\n\nThe mayor said the bridge was shut.\n\n\"That is a pity, said Ortega.",
        [("mayor", "the bridge was shut"), ("Ortega", "\"That is a pity")],
    ),
    "unclosed, and a name": (
        "The mayor said it was late.\n\n“We saw nothing, said Ole Tarn. The mayor left.",
        [("mayor", "it was late"), ("Ole Tarn", "“We saw nothing")],
    ),
    "unclosed before a name": (
        "The mayor said it was late.\n\n“It is a pity, Ole Tarn said.",
        [("mayor", "it was late"), ("Ole Tarn", "“It is a pity")],
    ),
    "unclosed, a few words": (
        "The mayor called it “a joke and left. She was late, Bo Lind said.",
        [("mayor", "it “a joke and left."), ("Bo Lind", "She was late")],
    ),
    "two speakers in a sentence": (
        "Ada Obi said the bridge was safe, but it was shut, according to the police.",
        [("Ada Obi", "the bridge was safe"), ("police", "it was shut")],
    ),
    # marks of any kind
    "two opening marks": (
        "Talks end\n\n“It is an asset,“ Gail Starling said.",
        [("Gail Starling", "“It is an asset,“")],
    ),
    "closing marks only": ("”It is late,” Ivo Sand said.", [("Ivo Sand", "”It is late,”")]),
    "corner marks": ("「It is late,」 Ivo Sand said.", [("Ivo Sand", "「It is late,」")]),
    "Swedish marks": ("»It is late», said Ivo Sand.", [("Ivo Sand", "»It is late»")]),
    "German marks": (
        "Gespräche gehen weiter\n\n„Wir reden weiter“, sagte Ute Brandt. „Aber nicht um jeden "
        "Preis.“\n\n»Das ist kein Durchbruch«, sagte Brandt.\n\nThe minister said the talks were "
        "“ein Anfang”.\n\n„We keep talking“, Minister Ute Brandt said on Monday.\n\n"
        "»We keep talking«, Brandt said. »There is no deadline.«",
        [
            ("Ute Brandt", "„Wir reden weiter“ | „Aber nicht um jeden Preis.“"),
            ("Ute Brandt", "»Das ist kein Durchbruch«"),
            ("Ute Brandt", "the talks were “ein Anfang”"),
            ("Ute Brandt", "„We keep talking“"),
            ("Ute Brandt", "»We keep talking« | »There is no deadline.«"),
        ],
    ),
    # conversations
    "interview": (
        "Port\n\nIt opened on Monday.\n\nInterviewer: Will it sail?\n\nUte Brandt: No.\n\n"
        "Interviewer: Why?\n\nUte Brandt: It is old.",
        [
            *(("reporter", "Will it sail?"), ("Ute Brandt", "No.")),
            *(("reporter", "Why?"), ("Ute Brandt", "It is old.")),
        ],
    ),
    "briefing": (
        "Briefing\n\nMR. SAND: It is late. With that, Oda.\n\nQUESTION: Is it dark?\n\n"
        "MR. SAND: It is.\n\nQUESTION: Ivar Moe, Lund Post. Is it cold?",
        [
            *(("Sand", "It is late. With that, Oda."), ("reporter", "Is it dark?")),
            *(("Sand", "It is."), ("reporter", "Ivar Moe, Lund Post. Is it cold?")),
        ],
    ),
    "two names": (
        "Oda Brenn: Who is there?\n\nIvo Sand: Nobody.\n\nOda Brenn: Good.\n\nIvo Sand: Yes.",
        [
            *(("Oda Brenn", "Who is there?"), ("Ivo Sand", "Nobody.")),
            *(("Oda Brenn", "Good."), ("Ivo Sand", "Yes.")),
        ],
    ),
    "notes are no speakers": (
        "Note: It opened on Monday.\n\nThe bridge is old.\n\nNote: It is wet.",
        [],
    ),
    "goes on with an adverb": (
        "Ada Obi urges her son to wait and repeatedly says, “Do not move from there.”",
        [("Ada Obi", "to wait"), ("Ada Obi", "“Do not move from there.”")],
    ),
    # headlines
    "headlines": (
        "Ortega: ‘Bridge is safe’\n\nBridge will stay open, says Ortega\n\n'Bridge is safe': "
        "Ortega\n\n“Bridge is safe” — Ortega\n\nHarbour strike: ‘We have no choice but to walk "
        "out’\n\nMinistry: No decision before May\n\nPaul Ortega, the city’s engineer, spoke on "
        "Monday.",
        [
            *(("Paul Ortega", "‘Bridge is safe’"), ("Paul Ortega", "Bridge will stay open")),
            *(("Paul Ortega", "'Bridge is safe'"), ("Paul Ortega", "“Bridge is safe”")),
            ("Ministry", "No decision before May"),
        ],
    ),
    "quotation before the colon": (
        "“Nobody will drown”: Oda Brenn",
        [("Oda Brenn", "“Nobody will drown”")],
    ),
    "things before the colon": ("Ferry talks: ‘We are close’", []),
    "people before the colon": (
        "Union leader: ‘We are close’",
        [("Union leader", "‘We are close’")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "said"), SAID.values(), ids=SAID)
def test_what_is_said(text, said):
    assert read(text)[0] == said


def test_no_content_is_recorded_twice():
    for text, _ in [*SPEAKERS.values(), *SAID.values()]:
        contents = [content for _, content in read(text)[0]]
        assert len(contents) == len(set(contents))


@pytest.mark.parametrize("hidden", ["named", "identified", "quoted by name"])
def test_how_somebody_wants_to_be_called_is_nothing_said(hidden):
    text = f"A senior envoy, who asked not to be {hidden}, said the bridge was shut."
    assert read(text)[0] == [("senior envoy", "the bridge was shut")]


def test_whom_a_pronoun_may_mean():
    text = (
        "Oda Brenn, the mayor’s wife, met Mr. Ivo Sand and King Ole. “It is late,” she said. Lars "
        "Moe, a farmer, left with his dog. “It is dark,” he said. “It is day,” he said.\n\n"
        "Police said it was cold. The miners said no. They said more."
    )
    found = suggest.referents(Article.from_text("made-up", text))
    named = [(text[start:].split()[0], names) for start, names in sorted(found.items())]
    she = next(names for word, names in named if word == "she")
    assert she == ["Oda Brenn"]  # Sand and Ole are men
    first, second = (names for word, names in named if word == "he")
    assert first == ["Lars Moe", "Ivo Sand", "Ole"] and second == first
    assert next(names for word, names in named if word == "They") == ["miners", "Police"]
    many = " ".join(f"Ada{n} Obi{n} came." for n in "abcdefg") + " “No,” she said."
    (names,) = suggest.referents(Article.from_text("made-up", many)).values()
    assert len(names) == 5 and names[0] == "Adag Obig"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("„Ja“, »nein«, «oui» und „non”.", ["„Ja“", "»nein«", "«oui»", "„non”"]),
        ("“It is late,“ he said. “No.”", ["“It is late,“", "“No.”"]),
        ("He read 「ja」 and »nej».", ["「ja」", "»nej»"]),
        ("The farmers” field was wet.", []),
    ],
)
def test_quotation_marks_of_any_kind(text, found):
    article = Article.from_text("made-up", text)
    assert [text[a:b] for a, b in quotations(article)] == found


@pytest.mark.parametrize(
    ("text", "affiliations"),
    [
        ("A senior Sennian official said it was late.", ["sennia-government"]),
        ("Sennia’s envoy, Ola Brenn, said so. Brenn said no more.", ["sennia-government"] * 2),
        ("A Tolmari farmer said it was late.", ["tolmar-other"]),
        ("Tolmar said it was late.", ["tolmar-government"]),
        ("Ola Brenn, a retired Tolmari envoy, said it was late.", ["tolmar-other"]),
        ("Officials from Sennia and Tolmar said it was late.", ["both-governments"]),
        ("Ola Brenn said it was late. A farmer said no.", [None, None]),  # the text does not tell
        ("The Tolbert Post reported that it was late.", [None]),
    ],
)
def test_whose_side_a_speaker_is_on_where_the_words_tell(text, affiliations):
    article, book = Article.from_text("made-up", text), datasets.codebook("harran-talks")
    found = [one.fields.get("affiliation") for one in attribution.find(article, book)]
    assert found == affiliations


def test_affiliations_that_are_filled_in_are_seldom_wrong():
    right = of = 0
    for text in reading.texts():
        ours = reading.by_rules(text, "attribution")
        for gold, mine in same_spans(text.gold, ours, "attribution"):
            if mine.fields.get("affiliation"):
                of += 1
                right += mine.fields["affiliation"] == gold.fields.get("affiliation")
    assert right >= 0.85 * of > 15
