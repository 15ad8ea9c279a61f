"""The people of the linkage attack: who they are, when they come, and what only they say.

Everything is drawn from a seed. Each of them writes two words that nobody else writes (the
canaries), and ticks items so that no two of them tick the same ones.
"""

import random
import re
import string
from dataclasses import dataclass

# Lower-case words: they look like no name, so they are published.
FIRST_WORD = re.compile(rb"quokka[a-z]{10}")
SECOND_WORD = re.compile(rb"wombat[a-z]{10}")
NEIGHBOURS_WORD = re.compile(rb"numbat[a-z]{10}")
SHARES = {"trust": 0.5, "council": 0.3, "mind": 0.2}
ROLES = ("strategic", "manager", "frontline", "support")
DOMAINS = ("purpose", "gain", "trust", "power", "rules", "means", "practice", "self", "voice")
ITEMS = [f"{domain}{number}" for domain in DOMAINS for number in range(1, 6)]
# An answer as it is sent or packed.
ANSWER = re.compile(rb'"(?:%s)[1-5]": ?[1-5]' % "|".join(DOMAINS).encode())


@dataclass(frozen=True)
class Person:
    """One respondent.

    Attributes:
        place: When they come: 0 for the first of all.
        words: What they write in a statement, and what they write beside it.
        key: Their Idempotency-Key.
        address: Where they call from.
    """

    place: int
    group: str
    role: str
    words: tuple[str, str]
    answers: dict[str, int]
    key: str
    address: str
    wordy: bool

    @property
    def body(self):
        """What they send."""
        more = " and people are heard" * 60 if self.wordy else ""
        return {
            "role": self.role,
            "answers": self.answers,
            "statements": [{"outcome": f"people find {self.words[0]} sooner{more}"}],
            "unwritten": f"we never wrote {self.words[1]} down",
        }


def population(size, seed, animals=("quokka", "wombat")):
    """People in the order in which they answer."""
    chance = random.Random(seed)
    return [_person(chance, place, animals) for place in range(size)]


def by_word(people, which):
    """Whose word it is: the person's place for each first or second word."""
    return {person.words[which].encode(): person.place for person in people}


def _person(chance, place, animals):
    ticked = chance.sample(ITEMS, k=chance.randint(22, 28))
    return Person(
        place=place,
        group=chance.choices(list(SHARES), list(SHARES.values()))[0],
        role=chance.choice(ROLES),
        words=(_word(chance, animals[0]), _word(chance, animals[1])),
        answers={item: chance.randint(1, 5) for item in ITEMS if item in ticked},
        key="".join(chance.choices(string.ascii_letters + string.digits, k=24)),
        address=f"127.{chance.randint(1, 250)}.{place // 250}.{place % 250 + 2}",
        wordy=chance.random() < 0.1,
    )


def _word(chance, animal):
    return animal + "".join(chance.choices(string.ascii_lowercase, k=10))
