"""Before the day: a link with a few questions, answered on a light page without a name, and read at *prepare*."""

from html import unescape

import pytest

from pages.phone import beforehand as before_page
from pages.phone.limits import Allowance
from tests.phones import bus, field, host_does, phone, sentence, unhurried  # noqa: F401  some are fixtures
from workshop import bundle, entries, items, journal, store
from workshop.beforehand import (
    MOST_ANSWERS,
    QUESTIONS,
    AnswerBeforehand,
    AskBeforehand,
    LockBeforehand,
    answer_beforehand,
    ask_beforehand,
    get_beforehand,
    lock_beforehand,
)
from workshop.closing import CloseWorkshop, close_workshop
from workshop.problems import NotFound, Rejected
from workshop.steps import step_of

ASKED = "Do you know what our purpose is?\n- Which groups of customers?\n"


def link(code: str) -> str:
    with store.open(code) as db:
        return f"/before/{code}{get_beforehand(db)['secret']}"


def asked(code: str, questions: str = ASKED) -> str:
    host_does(code, ask_beforehand, AskBeforehand(questions), kind="follow")
    return link(code)


def send(someone, path: str, *answers: str, key: str = ""):
    """Fills in the questions from first to last."""
    page = someone.get(path)
    names = [unescape(part.split('name="')[1].split('"')[0]) for part in page.text.split("<textarea ")[1:]]
    given = dict(zip(names, answers, strict=False))
    return someone.post(path, data={"key": key or field(page, "key"), **given})


def written(code: str) -> list[tuple[str, str]]:
    with store.open(code) as db:
        return [(row["heading"], row["text"]) for row in entries.list_entries(db, "prepare")]


def test_people_answer_before_the_day_and_their_words_lie_under_their_question(code):
    path, someone = asked(code), phone()
    page = someone.get(path)
    assert page.status_code == 200
    assert "Do you know what our purpose is?" in page.text
    assert "Nobody asks who you are." in page.text
    sent = send(someone, path, "To get people home <b>", "Commuters\n• Students\n\n")
    assert (sent.status_code, sent.headers["location"]) == (303, f"{path}?thanks=1")
    assert "What you wrote is with the facilitator." in someone.get(f"{path}?thanks=1").text
    send(phone(peer="192.0.2.51"), path, "", "Shift workers")
    assert written(code) == [
        ("Do you know what our purpose is?", "To get people home <b>"), ("Which groups of customers?", "Commuters"),
        ("Which groups of customers?", "Students"), ("Which groups of customers?", "Shift workers"),
    ]  # fmt: skip
    with store.open(code) as db:
        assert get_beforehand(db)["answered"] == 2
        by = {one.by for one in journal.list_journal(db) if "before the day" in one.what}
        assert by == {"room"}, "nobody is named"
        turn = step_of("prepare").turns[0].into
        commuters = entries.list_entries(db, "prepare")[1]["ref"]
    assert host_does(code, entries.turn, entries.TurnEntries((commuters,), turn)) == "G1"
    with store.open(code) as db:
        assert items.get_item(db, "G1")["name"] == "Commuters"


def test_the_room_need_not_be_live_and_nobody_comes_in_by_that_link(code):
    path = asked(code)
    send(phone(), path, "Yes")
    with store.open(code) as db:
        assert db.execute("SELECT step, activity FROM room").fetchone() == (None, None)
        assert db.execute("SELECT count(*) FROM participant").fetchone() == (0,)
    key = path.removeprefix("/before/")
    assert phone().post("/join", data={"code": key, "token": "A" * 22}).status_code == 404


def test_an_answer_that_is_sent_twice_is_there_once(code):
    path, key = asked(code), "0123456789abcdef0123"
    for _time in range(2):
        assert send(phone(), path, "Yes", key=key).status_code == 303
    assert written(code) == [("Do you know what our purpose is?", "Yes")]


def test_the_door_closes_and_opens_and_what_was_typed_meanwhile_is_given_back(code):
    path, someone = asked(code), phone()
    page = someone.get(path)
    host_does(code, lock_beforehand, LockBeforehand(True), kind="follow")
    late = someone.post(path, data={"key": field(page, "key"), "to Which groups of customers?": "Students"})
    assert (late.status_code, sentence(late)) == (422, "This is closed now. Say it to the facilitator, or on the day.")
    assert ">Students</textarea>" in late.text
    assert "<textarea" not in someone.get(path).text
    assert written(code) == []
    host_does(code, lock_beforehand, LockBeforehand(False), kind="follow")
    assert send(someone, path, "", "Students").status_code == 303


def test_the_link_stays_when_the_questions_are_worded_anew_and_no_answer_to_an_old_one_is_lost(code):
    path, someone = asked(code), phone()
    page = someone.get(path)
    assert asked(code, "Whom is it for?") == path
    old = {"key": field(page, "key"), "to Which groups of customers?": "Students"}
    assert someone.post(path, data=old).status_code == 303
    assert written(code) == [("", "Students")]
    assert "Which groups of customers?" not in someone.get(path).text


def test_every_question_of_ours_fits_and_is_asked_in_german(code):
    path = asked(code, "\n".join(QUESTIONS))
    page = phone().get(path, headers={"accept-language": "de"})
    assert page.text.count("<textarea") == len(QUESTIONS)
    assert "Wissen Sie, was unser Sinn ist?" in page.text
    assert "Send<" not in page.text


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (" \n- \n", "Write a question first: one line for each."),
        ("a" * 81, "“Question” may have at most 80 characters, and this has 81."),
        ("\n".join(f"Question {n}?" for n in range(13)), "These are 13 questions; nobody answers more than 12."),
    ],
)
def test_questions_that_nobody_could_answer_are_refused(db, do, questions, said):
    with pytest.raises(Rejected) as refusal:
        do(ask_beforehand, AskBeforehand(questions))
    assert str(refusal.value) == said
    assert get_beforehand(db) is None


def test_what_cannot_be_taken_is_refused_in_a_sentence_and_nothing_is_stored_by_halves(code):
    path, someone = asked(code), phone()
    assert sentence(send(someone, path, " ", "\n")) == "Nothing is written yet. One answer is enough."
    long = send(someone, path, "Yes", "x" * 501)
    assert long.status_code == 422
    assert "x" * 501 in long.text
    assert written(code) == []
    for wrong in ("/before/nothing", path[:-1] + ("2" if path[-1] != "2" else "3"), f"/before/{'A' * 24}", "/before/ä"):
        lost = phone().get(wrong)
        said = "This link leads nowhere. Ask whoever sent it for another one."
        assert (lost.status_code, sentence(lost)) == (404, said)
        assert phone().post(wrong, data={"to x": "y"}).status_code == 404
    with store.open(code) as db, pytest.raises(Rejected, match="There is no more room for answers"):
        answer_beforehand(db, AnswerBeforehand(path.removeprefix("/before/"), {"": "More\n" * (MOST_ANSWERS + 1)}))


def test_a_closed_workshop_takes_nothing_more(code):
    path = asked(code)
    host_does(code, close_workshop, CloseWorkshop())
    late = send(phone(), path, "Too late")
    assert late.status_code == 422
    assert ">Too late</textarea>" in late.text


def test_one_address_cannot_fill_the_list(code, monkeypatch):
    monkeypatch.setattr(before_page, "ANSWERS", Allowance(at_once=2, a_second=0))
    path = asked(code)
    assert [send(phone(), path, f"Nr {n}").status_code for n in range(3)] == [303, 303, 429]
    assert send(phone(peer="198.51.100.9"), path, "Another house").status_code == 303


def test_the_link_leaves_with_no_bundle(code):
    secret = asked(code)[-16:]
    send(phone(), link(code), "Yes")
    with store.open(code) as db:
        data = bundle.read(db)
        with pytest.raises(NotFound):
            answer_beforehand(db, AnswerBeforehand("", {"": "No"}))
    assert secret not in bundle.to_json(data)
    assert [row["text"] for row in data["entries"]] == ["Yes"]
