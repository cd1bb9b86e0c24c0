"""A whole core session in Chromium: the host, the shared screen and three phones, from the purpose to a decision."""

import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import Page, expect

from tests.browser import (  # noqa: F401  some are fixtures
    CHROMIUM,
    PHONE,
    Visitor,
    beside,
    chromium,
    do,
    house,
    move,
    playwright,
    profile,
    prompt,
    server,
    settled,
    turn_to,
    visiting,
    visitor,
)
from tests.phones import join_code
from workshop import entries, journal, store
from workshop.entries import TurnEntries, list_entries
from workshop.steps import AGENDA, create, step_of
from workshop.steps.commitment import AddDecision, add_decision
from workshop.steps.prepare import StartWorkshop
from workshop.steps.ranking import get_ranking
from workshop.steps.strategy import AddMetric, add_metric
from workshop.steps.weighing import SetWeights, set_weights

pytestmark = pytest.mark.skipif(not CHROMIUM, reason="there is no Chromium here")
NAMES = ("Ana", "Bo", "Cy")
RATINGS = ("helps a lot", "no effect", "I cannot judge", "hurts a little")


class Session:
    """One workshop, and those who are in it."""

    def __init__(self, code: str, host: Page, screen: Page, phones: list[Page]):
        self.code, self.host, self.phones = code, host, phones
        self.screen = screen.locator(".screen")
        self.said: list[str] = []

    def move(self, name: str) -> None:
        move(self.host, name)

    def read(self, read):
        with store.open(self.code) as db:
            return read(db)

    def entries(self) -> list[dict]:
        return self.read(lambda db: [entry for step in AGENDA for entry in list_entries(db, step.slug)])

    def write(self, move: str, words: str) -> list[str]:
        """All write what they think of it, the room reads it. Gives the refs of the entries."""
        self.move(move)
        for phone, name in zip(self.phones, NAMES, strict=True):
            phone.get_by_role("textbox").fill(f"{words} ({name})")
            phone.get_by_role("button", name="Add", exact=True).click()
            self.said.append(f"{words} ({name})")
        for phone in self.phones:
            expect(phone.get_by_role("list").get_by_text("Saved")).to_be_visible()
            expect(phone.locator(".mine li > p")).to_have_count(1)
            phone.get_by_role("button", name="I am ready").click()
        expect(self.screen).to_contain_text("3 of 3 ready")
        expect(self.screen).not_to_contain_text(words)
        self.move("Close")
        for phone in self.phones:
            told = "Your entry is in. It is shown in a moment."
            expect(phone.get_by_role("main").get_by_text(told)).to_be_visible()
        self.move("Reveal")
        for phone in self.phones:
            expect(phone.get_by_text("What we wrote, shuffled.")).to_be_visible()
            expect(phone.locator(".res li").filter(has_text=words)).to_have_count(3)
        expect(self.screen).to_contain_text(words)
        return [entry["ref"] for entry in self.entries() if words in entry["text"]]

    def vote(self, question: str) -> None:
        """Each gives one dot to the line that stands first on that phone."""
        self.move("Vote")
        for phone in self.phones:
            expect(phone.get_by_role("heading", name=question)).to_be_visible()
            phone.get_by_role("button", name="1 more").first.click()
            phone.get_by_role("button", name="Done").click()
            expect(phone.get_by_role("main").get_by_text("Your dots are in.")).to_be_visible()
        expect(self.screen).to_contain_text("3 of 3 ready")
        self.move("Close")
        self.move("Reveal")
        for phone in self.phones:
            expect(phone.get_by_text("3 voted.")).to_be_visible()
        expect(self.screen).to_contain_text(re.compile(r"\b3 (of 3 )?voted"))

    def turn(self, refs: list[str], step: str, into: int = 0) -> None:
        """What another host does beside: makes something of what the room wrote."""
        do(self.code, entries.turn, TurnEntries(tuple(refs), step_of(step).turns[into].into))


@pytest.fixture
def session(visitor: Visitor, beside: Visitor, chromium, server):  # noqa: F811
    code = create(StartWorkshop(title="Keeping our word", mode="core"), journal.HOST)
    with ExitStack() as people:
        phones = []
        for name in NAMES:
            mine = people.enter_context(visiting(chromium, server, viewport=PHONE, has_touch=True))
            phone = mine.open(f"/join/{join_code(code)}")
            phone.get_by_label("Your name").fill(name)
            phone.get_by_role("button", name="Come in").click()
            expect(phone.get_by_role("main").get_by_text("Nothing to do right now.")).to_be_visible()
            phones.append(phone)
        screen = beside.open(f"/screen?w={code}")
        expect(screen.locator(".screen")).to_contain_text("3 are in")
        host = visitor.open(f"/purpose?w={code}")
        prompt(host, "What do people come to us for?")
        yield Session(code, host, screen, phones)


def test_a_room_goes_from_its_purpose_to_a_decision(session: Session):
    session.move("Bring the room here")
    refs = session.write("Silent writing", "to know whether it comes")
    session.turn(refs, "purpose")
    session.vote("What counts most to those we serve?")
    session.move("Next: Promise")
    refs = session.write("Silent writing", "It comes, or we get you there")
    session.turn(refs[:1], "promise")
    session.move("Next: Principles")
    refs = session.write("Silent writing", "The truth early")
    session.turn(refs[:1], "principles", into=1)
    session.move("Next: Concepts")
    refs = session.write("Silent writing", "A board that tells the truth")
    session.turn(refs[:2], "concepts", into=1)
    for kind, name in (("cpi", "Buses that came as told"), ("kpi", "Season tickets")):
        do(session.code, add_metric, AddMetric(kind=kind, name=name, unit="a year"))
    do(session.code, set_weights, SetWeights((("C1", 100), ("K1", 100))))
    session.move("Next: Ranking")

    session.move("Rate")
    for phone in session.phones:
        for cell in range(4):
            expect(phone.get_by_text(f"{cell} of 4 saved")).to_be_visible()
            phone.get_by_role("button", name=RATINGS[cell]).click()
        expect(phone.get_by_role("main").get_by_text("All 4 done. Thank you.")).to_be_visible()
    expect(session.screen).to_contain_text("3 of 3 ready")
    session.move("Close")
    session.move("Reveal")
    for phone in session.phones:
        expect(phone.locator(".res li")).to_have_count(2)
    order = session.read(get_ranking).sentence
    expect(session.screen).to_contain_text(order)
    for phone in session.phones:
        expect(phone.get_by_role("heading", name=order)).to_be_visible()
    settled(session.host).get_by_role("button", name="It is decided").click()
    decided = AddDecision(step="ranking", text="The board starts first.", rationale="Riders wait.")
    do(session.code, add_decision, decided)
    expect(session.screen.locator(".alone")).to_contain_text("The board starts first.Because Riders wait.")

    turn_to(session.host, "Summary")
    settled(session.host).get_by_role("radio", name="Everything").click()
    summary = session.host.frame_locator("iframe").first
    for words in (*session.said, "The board starts first."):
        expect(summary.get_by_text(words).first).to_be_visible()
    there = session.read(lambda db: [text for (text,) in db.execute("SELECT text FROM entry").fetchall()])
    assert {words: sum(words in text for text in there) for words in session.said} == dict.fromkeys(session.said, 1)
    assert len(there) == len(session.said) == 12, "nothing is lost, and nothing is there twice"
    assert session.read(lambda db: db.execute("SELECT count(*), count(DISTINCT pen) FROM rating").fetchone()) == (12, 3)
