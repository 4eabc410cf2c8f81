"""What an assistant is asked to do, where many of the words belong to other requests.

A reminder may be about a call, a message may mention the weather, and a request may take another
one back. Such a request has the words of two intents, and only their order shows which one counts.
"""

from collections.abc import Mapping
from pathlib import Path

from rnnbuild.data.bundled.bounds import bag_of_words_bound
from rnnbuild.data.bundled.card import SEED, Card, Dataset, Option
from rnnbuild.data.bundled.draw import DRAW, Draw, add_labelled, generate_splits
from rnnbuild.data.rows.rows import Rows, RowSplits

# Fillers of the frames. In each split a frame takes only some of them: see `draw`.
FILLERS: Mapping[str, tuple[str, ...]] = {
    "time": (
        *("seven", "half past six", "noon", "a quarter to nine", "ten tonight", "midnight"),
        *("eight in the morning", "five on sunday", "two o'clock", "six tomorrow"),
    ),
    "span": (
        *("ten minutes", "half an hour", "ninety seconds", "two hours", "a quarter of an hour"),
        *("twenty minutes", "one minute", "an hour and a half"),
    ),
    "person": (
        *("anna", "my brother", "doctor lee", "the office", "mum", "omar", "our landlord"),
        *("aunt rosa", "ivan", "the school", "my neighbour", "uncle tom"),
    ),
    "music": (
        *("some jazz", "the beatles", "my running songs", "a piano sonata", "something quiet"),
        *("the new album", "old reggae", "that waltz", "songs about rain", "a lullaby"),
    ),
    "place": (
        *("lisbon", "the airport", "the old town", "oslo", "the lake", "kyoto", "the coast"),
        *("our village", "nairobi", "the mountains", "the stadium", "quito"),
    ),
    "room": (
        *("kitchen", "hall", "bedroom", "garage", "study", "living room", "cellar", "bathroom"),
    ),
    "item": (
        *("milk", "two lemons", "batteries", "washing powder", "bread", "a light bulb", "rice"),
        *("an alarm clock", "coffee", "stamps", "a road map", "music paper"),
    ),
    "language": ("french", "swahili", "turkish", "korean", "greek", "welsh", "hindi", "polish"),
    "day": (
        *("today", "tomorrow", "on friday", "this weekend", "next week", "on monday"),
        *("tonight", "in the afternoon"),
    ),
    "event": (
        *("dentist", "lunch with omar", "football", "the parents' evening", "my flight"),
        *("choir", "a call with anna", "the weather talk", "yoga", "the film club"),
    ),
    "topic": (
        *("football", "the election", "science", "the weather in asia", "music", "trains"),
        *("the strike", "chess"),
    ),
    "degrees": (
        "eighteen degrees",
        "twenty degrees",
        "a bit warmer",
        "three degrees less",
        "half a degree more",
        "what it was yesterday",
        "sixteen degrees",
        "much cooler",
    ),
}
FRAMES: Mapping[str, tuple[str, ...]] = {
    "alarm": (
        "wake me at {time}",
        "set an alarm for {time}",
        "ring the alarm at {time}",
        "get me out of bed at {time}",
    ),
    "timer": (
        "count down {span}",
        "set a timer for {span}",
        "start a timer of {span}",
        "beep in {span}",
    ),
    "reminder": (
        "remind me to {request}",
        "do not let me forget to {request}",
        "make sure that i remember to {request}",
        "nudge me {day} to {request}",
    ),
    "message": (
        "tell {person} to {request}",
        "write to {person} that they should {request}",
        "send {person} a message to {request}",
        "text {person} that i will be there at {time}",
    ),
    "call": ("call {person}", "ring {person}", "get {person} on the phone", "dial {person}"),
    "music": (
        "play {music}",
        "put on {music}",
        "let me hear {music}",
        "start {music} in the {room}",
    ),
    "weather": (
        "say whether it rains {day} in {place}",
        "find out how warm it gets {day} in {place}",
        "look up the weather for {place} {day}",
        "check if i need a coat {day} in {place}",
    ),
    "route": (
        "find the way to {place}",
        "show me how to get to {place}",
        "take me to {place}",
        "look up how long it takes to {place}",
    ),
    "lights": (
        "turn off the light in the {room}",
        "make the {room} brighter",
        "dim the lamp in the {room}",
        "light up the {room}",
    ),
    "heating": (
        "make the {room} {degrees}",
        "set the heating in the {room} to {degrees}",
        "get the {room} to {degrees}",
        "turn the {room} to {degrees}",
    ),
    "shopping": (
        "put {item} on the list",
        "order {item}",
        "add {item} to the shopping",
        "buy {item}",
    ),
    "calendar": (
        "put {event} down for {time}",
        "enter {event} {day}",
        "move {event} to {time}",
        "block {time} for {event}",
    ),
    "translation": (
        "say how one asks somebody to {request} in {language}",
        "translate into {language} : please {request}",
        "put this into {language} : {request}",
        "tell me the {language} for : {request}",
    ),
    "news": (
        "read me the news about {topic}",
        "find out what happened in {topic}",
        "look up the headlines on {topic}",
        "let me hear the news about {topic}",
    ),
}
NAMES = tuple(FRAMES)
HOLDERS = ("reminder", "message", "translation")
"""Intents whose requests contain another request, with the words of that other intent."""
SIMPLE = tuple(intent for intent in NAMES if intent not in HOLDERS)

OPENINGS = (
    "",
    "please",
    "could you",
    "hey ,",
    "i would like you to",
    "now",
    "if it is no trouble ,",
    "right ,",
    "can you",
    "good morning ,",
    "would you kindly",
    "next ,",
)
CLOSINGS = ("", "", "please", "thanks", "would you", "when you can", "and be quick", "that is all")
EXCHANGES = (
    "do not {0} , {1}",
    "{1} , but do not {0}",
    "{1} instead of what i said before , to {0}",
    "i said {0} , but {1}",
    "rather than {0} , {1}",
    "{1} . i know i wanted you to {0} , forget that",
)
"""What takes request 0 back and asks for 1: the same words with both exchanged ask for 0."""
EXCHANGED = 0.3
"""The share of requests that take another back."""


class _Writer:
    """Writes requests for one split, with the pairs that are its own."""

    def __init__(self, draw: Draw):
        self.draw = draw

    def request(self, intent: str) -> str:
        number = NAMES.index(intent)
        frame = self.draw.below(len(FRAMES[intent]))
        text = FRAMES[intent][frame]
        if "{request}" in text:
            inner = self.draw.partner(number + frame, SIMPLE)
            text = text.replace("{request}", self.request(inner))
        for slot, fillers in FILLERS.items():
            if "{" + slot + "}" in text:
                filler = self.draw.partner(number + frame, fillers)
                text = text.replace("{" + slot + "}", filler)
        return text

    def around(self, frame: int, request: str) -> str:
        """The request between an opening and a closing."""
        opening = self.draw.partner(frame, OPENINGS)
        closing = self.draw.partner(frame, CLOSINGS)
        return " ".join(f"{opening} {request} {closing}".split())

    def exchange(self) -> list[tuple[str, str]]:
        """Two requests with the same words, each of which takes back the other one's."""
        frame = self.draw.below(len(EXCHANGES))
        first = self.draw.below(len(SIMPLE))
        others = [n for n in range(len(SIMPLE)) if n != first and self.draw.allows(first, n)]
        intents = SIMPLE[first], SIMPLE[self.draw.any(others)]
        texts = [self.request(intent) for intent in intents]
        pattern = self.around(frame, EXCHANGES[frame])
        return [(pattern.format(*texts), intents[1]), (pattern.format(*texts[::-1]), intents[0])]

    def rows(self, size: int) -> Rows:
        rows = Rows()
        while len(rows) < size:
            if size - len(rows) > 1 and self.draw.chance(EXCHANGED / (2 - EXCHANGED)):
                for text, intent in self.exchange():
                    add_labelled(rows, text, intent)
                continue
            intent = self.draw.any(NAMES)
            text = self.around(NAMES.index(intent), self.request(intent))
            add_labelled(rows, text, intent)
        return rows


def intents(size: int, seed: int) -> RowSplits:
    """`size` requests, a tenth each for validation and test."""
    return generate_splits("classify", lambda draw, rows: _Writer(draw).rows(rows), size, seed)


INTENTS = Dataset(
    Card(
        name="intents",
        task="classify",
        level="word",
        title=f"which of {len(NAMES)} things an assistant is asked to do",
        rows=(8000, 1000, 1000),
        origin=(
            "generated from `size` and `seed`. Reminders, messages and translations contain "
            "the words of another request, and three in ten requests take another one "
            "back, so that the same words in another order ask for something else. No request "
            "of the test split has a pair of frame and filler, of opening and intent, or of "
            "request and the one inside it that is in the training split"
        ),
        licence="MIT, as the package",
        teaches=(
            "classification with many labels, and that a request is more than its keywords: only "
            "their order says which request contains which"
        ),
        best="100 %: every label follows from the words in their order",
        reached="accuracy 95.9 % in 8 epochs (bidirectional GRU of 64 units); TF-IDF linear 93.1 %",
    ),
    load=intents,
    sources=(Path(__file__), DRAW),
    options={"size": Option(default=10000, least=20, most=200_000), "seed": SEED},
    bounds={"accuracy of any bag of words": bag_of_words_bound},
)
