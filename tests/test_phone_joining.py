"""Coming in with a phone, and coming back as the same person."""

from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from pages import live
from pages.phone import entrance, limits, visit
from pages.phone.limits import Allowance
from tests.phones import COOKIE, bus, come_in, field, host_does, join_code, names, phone, sentence, unhurried  # noqa: F401
from workshop import hosts, joining, journal, people, store
from workshop.joining import LockDoor, MakeLinks, RenewCode


def is_in(phone) -> bool:
    return phone.get("/phone").status_code == 200


def own_code(phone) -> str:
    return joining.own_code(phone.cookies[COOKIE].partition(".")[2])


# Coming in


def test_the_qr_leads_to_the_workshop_with_its_code_filled_in(code):
    page = phone().get(f"/join/{join_code(code)}")
    assert page.status_code == 200
    assert "Keeping our word" in page.text and f'value="{join_code(code)}"' in page.text
    assert "Nobody sees who wrote or chose what." in page.text


def test_a_code_a_name_and_a_group_are_enough(code):
    mine = phone()
    answer = come_in(mine, join_code(code), name="Ana", group="frontline")
    assert (answer.status_code, answer.headers["location"]) == (303, "/phone")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=lax" in cookie and "secure" not in cookie
    assert names(code) == [("Ana", "frontline")]
    assert is_in(mine)


def test_without_a_name_one_is_a_guest(code):
    come_in(phone(), join_code(code))
    come_in(phone("192.0.2.51"), join_code(code), name="  ")
    assert names(code) == [("Guest 1", "other"), ("Guest 2", "other")]


def test_the_code_is_taken_as_people_type_it(code):
    key = join_code(code).lower()
    assert come_in(phone(), f" {key[:3]} {key[3:]} ").status_code == 303


def test_pressing_twice_makes_one_person_of_one_phone(code):
    mine = phone()
    token = field(mine.get("/join"), "token")
    for _press in range(2):
        answer = come_in(mine, join_code(code), token, name="Ana")
        mine.cookies.clear()  # the first answer got lost on its way
        assert f"{code}.{token}" in answer.headers["set-cookie"]
    assert names(code) == [("Ana", "other")]
    with store.open(code) as db:
        assert [done.what for done in journal.list_journal(db)].count("Somebody came in") == 1


def test_whoever_is_in_is_not_asked_again(code):
    mine = phone()
    come_in(mine, join_code(code), name="Ana")
    assert mine.get(f"/join/{join_code(code)}").headers["location"] == "/phone"
    assert come_in(mine, join_code(code), name="Somebody else").status_code == 303
    assert names(code) == [("Ana", "other")]


def test_under_https_the_cookie_is_for_https_only(code, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_URL", "https://workshop.example.org")
    answer = come_in(phone(address="https://workshop.example.org"), join_code(code))
    assert "secure" in answer.headers["set-cookie"].lower()


def test_the_file_keeps_no_secret_but_the_join_code(code, library):
    mine = phone()
    come_in(mine, join_code(code))
    link = joining.new_link(code)
    host_does(code, joining.make_links, MakeLinks((link,)))
    token = mine.cookies[COOKIE].partition(".")[2]
    stored = b"".join(file.read_bytes() for file in library.iterdir())
    for secret in (token, own_code(mine), own_code(mine).replace("-", ""), link, link[8:]):
        assert secret.encode() not in stored
    assert join_code(code).encode() in stored
    assert len(token) == 22 and hosts.digest(token).encode() in stored


# Wrong codes


@pytest.mark.parametrize(
    "key", ["AAAAAA", "", "x", "K7Q4MD; DROP TABLE", "é" * 40, "<script>alert(1)</script>", "0" * 500]
)
def test_a_wrong_code_gets_one_sentence_and_the_form_again(code, key):
    answer = come_in(phone(), key, name="Ana <b>")
    assert answer.status_code == 404
    assert sentence(answer) == "That code is not open. Look at the big screen."
    assert 'value="Ana &lt;b&gt;"' in answer.text and "<script>alert" not in answer.text
    assert "set-cookie" not in answer.headers and names(code) == []


def test_an_old_code_opens_nothing_and_whoever_is_in_stays_in(code):
    mine, old = phone(), join_code(code)
    come_in(mine, old)
    new = host_does(code, joining.renew_code, RenewCode())
    assert new == join_code(code) != old
    assert come_in(phone("192.0.2.51"), old).status_code == 404
    assert come_in(phone("192.0.2.52"), new).status_code == 303
    assert is_in(mine)


def test_a_right_code_gets_in_after_wrong_ones_of_thirty_phones_behind_one_address(code, monkeypatch):
    monkeypatch.setattr(entrance, "WRONG", Allowance(4, 50))
    token = field(phone().get("/join"), "token")
    wrong = [come_in(phone(), f"AAAAA{sign}", token).status_code for sign in "BCDEFGHJKM"]
    assert wrong == [404] * 10
    assert come_in(phone(), join_code(code), name="Ana").status_code == 303
    assert names(code) == [("Ana", "other")]


def test_whoever_tries_more_than_is_allowed_stands_in_a_line_that_does_not_grow_for_ever(monkeypatch):
    monkeypatch.setattr(limits, "time", SimpleNamespace(monotonic=lambda: 100.0))
    line = Allowance(2, 0.5)
    assert [line.stand_in_line("here", 5) for _try in range(2)] == [0, 0]
    assert [line.stand_in_line("here", 5) for _try in range(3)] == [2, 4, None]
    assert line.stand_in_line("elsewhere", 0) == 0
    line.give_back("here")
    assert line.stand_in_line("here", 5) == 4, "a right one leaves its place to the next"


def test_guessing_ends_soon_for_one_address_and_for_no_other(code, monkeypatch):
    assert entrance.WRONG.at_once == 60
    monkeypatch.setattr(entrance, "WRONG", Allowance(4, 0))
    guesser = phone()
    token = field(guesser.get("/join"), "token")
    tries = [come_in(guesser, f"AAAAA{sign}", token).status_code for sign in "BCDEFG"]
    assert tries == [404] * 4 + [429] * 2
    refused = come_in(guesser, join_code(code), token)
    assert refused.status_code == 429 and refused.headers["retry-after"] == "60"
    said = "Many wrong codes came from your network. Try again in a moment, or ask for a link of your own."
    assert sentence(refused) == said
    assert guesser.get("/join/AAAAAA").status_code == 429, "nor by the QR's address"
    assert come_in(phone("192.0.2.51"), join_code(code)).status_code == 303


def test_who_floods_the_entrance_keeps_nobody_out_who_takes_part_or_holds_a_personal_link(code, monkeypatch):
    mine, link = phone(), joining.new_link(code)
    come_in(mine, join_code(code), name="Ana")
    host_does(code, joining.make_links, MakeLinks((link,)))
    monkeypatch.setattr(entrance, "WRONG", Allowance(4, 0))
    monkeypatch.setattr(visit, "PER_ADDRESS", Allowance(40, 0))
    flood = phone()
    tries = [flood.get(f"/join/AAAA{one}{other}").status_code for one in "BCDEFGH" for other in "JKMNP"]
    assert tries == [404] * 4 + [429] * 31
    assert entrance.WRONG.used_up() == ["192.0.2.50"], "which is what the host is told"
    assert mine.get(f"/join/{join_code(code)}").headers["location"] == "/phone"
    invited = phone()
    assert come_in(invited, link, name="Bo").status_code == 303
    assert come_in(phone(), join_code(code), name="Eve").status_code == 429, "a right code would tell that it is right"
    assert [flood.get("/join").status_code for _try in range(3)][-1] == 429, "the address has used up its requests"
    assert is_in(mine) and is_in(invited), "who takes part does not count for it"
    stranger = phone()
    stranger.cookies = {COOKIE: f"{code}.{'A' * 22}"}
    assert stranger.get("/phone").status_code == 429, "and a forged token is nobody's"
    assert names(code) == [("Ana", "other"), ("Bo", "other")]


def test_one_browser_that_floods_the_rooms_router_keeps_no_other_kind_out_and_guesses_no_more_than_before(
    code, monkeypatch
):
    monkeypatch.setattr(entrance, "WRONG", Allowance(8, 0))
    monkeypatch.setattr(entrance, "WRONG_ALIKE", Allowance(4, 0))
    flood = phone(**{"User-Agent": "python"})
    assert [flood.get(f"/join/AAAAA{sign}").status_code for sign in "BCDEFGHJKM"] == [404] * 4 + [429] * 6
    assert come_in(phone(**{"User-Agent": "Safari"}), join_code(code), name="Ana").status_code == 303
    assert entrance.WRONG.used_up() == []
    tries = [phone(**{"User-Agent": f"python {sign}"}).get(f"/join/AAAAA{sign}").status_code for sign in "BCDEFGHJKM"]
    assert tries == [404] * 4 + [429] * 6, "many names are no more tries"
    assert come_in(phone(**{"User-Agent": "Firefox"}), join_code(code), name="Bo").status_code == 429
    assert names(code) == [("Ana", "other")]


def test_nothing_is_promised_about_names_before_the_workshop_is_known(code):
    from workshop.steps.prepare import EditWorkshop, edit_workshop, get_workshop  # noqa: PLC0415

    with store.open(code) as db:
        version = get_workshop(db)["version"]
    host_does(code, edit_workshop, EditWorkshop(version, {"anonymity": "named"}))
    first = phone().get("/join").text
    assert "Before you write you are told who sees it." in first and "Nobody sees" not in first
    come_in(phone(), join_code(code), name="Ana")
    asked = come_in(phone(), join_code(code), name="Ana").text
    assert "Your name is shown with what you write." in asked and "Keeping our word" in asked


def test_right_codes_are_not_counted_as_guesses(code, monkeypatch):
    monkeypatch.setattr(entrance, "WRONG", Allowance(2, 0))
    for number in range(5):
        assert come_in(phone("192.0.2.50"), join_code(code), name=f"Person {number}").status_code == 303
    assert len(names(code)) == 5


def test_one_address_cannot_fill_the_list(code, monkeypatch):
    monkeypatch.setattr(entrance, "PEOPLE", Allowance(3, 0))
    assert [come_in(phone(), join_code(code)).status_code for _try in range(5)] == [303] * 3 + [429] * 2
    assert len(names(code)) == 3


def test_each_workshop_has_a_code_of_its_own(code, bus):
    other = bus
    assert join_code(other) != join_code(code)
    assert come_in(phone(), join_code(other), name="Ana").status_code == 303
    assert names(code) == []
    assert "Ana" in [alias for alias, _group in names(other)]


def test_a_cookie_of_one_workshop_opens_no_other(code, bus):
    other = bus
    mine = phone()
    come_in(mine, join_code(code))
    mine.cookies = {COOKIE: other + mine.cookies[COOKIE][8:]}
    assert mine.get("/phone/live").status_code == 303


# The locked door


def test_a_locked_door_opens_to_personal_links_and_to_those_who_were_in(code):
    first = phone()
    come_in(first, join_code(code), name="Ana")
    host_does(code, joining.lock_door, LockDoor(True))
    refused = come_in(phone("192.0.2.51"), join_code(code))
    assert refused.status_code == 422
    assert sentence(refused) == "The door is closed now. Ask the facilitator to let you in."
    link = joining.new_link(code)
    host_does(code, joining.make_links, MakeLinks((link,)))
    assert come_in(phone("192.0.2.52"), link, name="Bo").status_code == 303
    assert come_in(phone("192.0.2.53"), join_code(code), own=own_code(first)).status_code == 303
    host_does(code, joining.lock_door, LockDoor(False))
    assert come_in(phone("192.0.2.54"), join_code(code), name="Cy").status_code == 303
    assert names(code) == [("Ana", "other"), ("Bo", "other"), ("Cy", "other")]


def test_a_personal_link_opens_once(code):
    link = joining.new_link(code)
    host_does(code, joining.make_links, MakeLinks((link,)))
    mine = phone()
    assert come_in(mine, link, name="Ana").status_code == 303
    again = come_in(phone("192.0.2.51"), link, name="A second ballot")
    assert again.status_code == 422
    assert sentence(again) == "This link was used already. Ask the facilitator for another one."
    assert come_in(phone("192.0.2.52"), joining.new_link(code)).status_code == 404, "one that was never made"
    assert names(code) == [("Ana", "other")]
    assert is_in(mine)


# Coming back


def test_the_own_code_brings_the_same_person_back_in_another_browser(code):
    first, second = phone(), phone("192.0.2.51")
    come_in(first, join_code(code), name="Ana")
    assert come_in(second, join_code(code), own=own_code(first).lower()).status_code == 303
    assert names(code) == [("Ana", "other")]
    assert is_in(first) and is_in(second)
    assert own_code(second) != own_code(first)


def test_a_name_that_is_here_already_is_asked_about_before_it_votes_twice(code):
    first, second = phone(), phone("192.0.2.51")
    come_in(first, join_code(code), name="Ana")
    asked = come_in(second, join_code(code), name=" ANA ")
    assert asked.status_code == 422 and names(code) == [("Ana", "other")]
    assert sentence(asked) == ("Are you the ANA who is here already? Then give your own code, "
                               "so that you are not here twice.")  # fmt: skip
    assert '<details class="before" open>' in asked.text and 'name="another"' in asked.text
    assert come_in(second, join_code(code), name="ANA", own=own_code(first)).status_code == 303
    assert is_in(second) and names(code) == [("Ana", "other")]
    # another one of that name says so, and the host sees that there are two
    assert come_in(phone("192.0.2.52"), join_code(code), name="Ana", another="1").status_code == 303
    assert names(code) == [("Ana", "other"), ("Ana", "other")]
    with store.open(code) as db:
        assert joining.list_namesakes(db) == ["Ana"]


def test_nobody_is_asked_about_whom_the_host_has_put_on_the_list_or_who_has_gone(code):
    host_does(code, people.add_participant, people.AddParticipant(alias="Bo"))
    assert come_in(phone(), join_code(code), name="Bo").status_code == 303, "he has no code of his own"
    gone = phone("192.0.2.51")
    come_in(gone, join_code(code), name="Ana")
    with store.open(code) as db:
        ana = people.list_participants(db)[-1]["id"]
    host_does(code, people.archive_participant, people.ArchiveParticipant(ana))
    assert come_in(phone("192.0.2.52"), join_code(code), name="Ana").status_code == 303
    with store.open(code) as db:
        assert joining.list_namesakes(db) == ["Bo"]


def test_an_own_code_cannot_be_guessed(code, monkeypatch):
    monkeypatch.setattr(entrance, "WRONG", Allowance(4, 0))
    guesser = phone()
    token = field(guesser.get("/join"), "token")
    tries = [come_in(guesser, join_code(code), token, own=f"AAAA-AAA{sign}").status_code for sign in "BCDEFG"]
    assert tries == [404] * 4 + [429] * 2
    assert names(code) == []


def test_whoever_was_removed_is_out_at_once_and_back_with_an_undo(code):
    mine = phone()
    come_in(mine, join_code(code), name="Ana")
    with store.open(code) as db:
        (ana,) = people.list_participants(db)
        journal.act(db, journal.HOST, people.archive_participant, people.ArchiveParticipant(ana["id"]), "Removed")
        assert not is_in(mine)
        assert come_in(phone("192.0.2.51"), join_code(code), own=own_code(mine)).status_code == 404
        journal.undo(db)
    assert is_in(mine)


@pytest.mark.parametrize("cookie", ["", "x", "host", "QB3BC3W9.", "QB3BC3W9." + "A" * 22, "A" * 5000])
def test_a_forged_cookie_is_nobody(code, cookie):
    stranger = phone()
    answer = stranger.get("/phone/live", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, "/join")


# Streams


def test_one_address_cannot_hold_every_stream_and_is_told_when_to_try_again(code):
    mine = phone()
    come_in(mine, join_code(code))
    with ExitStack() as streams:
        for _stream in range(live.STREAMS_PER_ADDRESS):
            streams.enter_context(live.seat("192.0.2.50"))
        refused = mine.get("/phone/live")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "10")
        assert refused.text == "Too many pages are listening at the moment. This one will try again."
        assert live.has_room("192.0.2.51"), "others have theirs"
    assert live.has_room("192.0.2.50") and live.listeners() == 0


def test_all_streams_together_have_an_end_before_the_system_has_one(code):
    mine = phone()
    come_in(mine, join_code(code))
    with ExitStack() as streams:
        for number in range(live.STREAMS):
            streams.enter_context(live.seat(f"10.0.{number % 250}.1"))
        assert mine.get("/phone/live").status_code == 503
        assert phone("127.0.0.1").get("/phone/live").status_code == 303, "nobody who is not in is even counted"
    assert live.listeners() == 0


# Safety of the pages


def test_a_page_of_another_site_lets_nobody_in(code):
    for headers in ({"Origin": "http://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        mine = phone()
        token = field(mine.get("/join"), "token")
        answer = mine.post("/join", data={"code": join_code(code), "token": token}, headers=headers)
        assert answer.status_code in (400, 403) and "set-cookie" not in answer.headers
    assert names(code) == []


def test_a_body_too_long_for_a_form_is_not_read(code):
    answer = phone().post("/join", data={"code": "x" * 100_000})
    assert answer.status_code == 413
    assert sentence(answer) == "That is too long to be sent. Shorten it, or send it in parts."


def test_pages_carry_their_headers_and_run_no_inline_script(code):
    page = phone().get(f"/join/{join_code(code)}")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert "unsafe" not in page.headers["content-security-policy"]
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["referrer-policy"] == "same-origin"
    assert page.headers["cache-control"] == "no-store"
    assert "<script>" not in page.text and "<style" not in page.text and " style=" not in page.text
    assert len(page.content) < 30_000


def test_a_flood_from_one_address_is_told_to_wait(code, monkeypatch):
    monkeypatch.setattr(visit, "PER_ADDRESS", Allowance(5, 0))
    mine = phone()
    assert [mine.get("/join").status_code for _try in range(7)] == [200] * 5 + [429] * 2
    assert phone("192.0.2.51").get("/join").status_code == 200


def test_the_page_speaks_the_phones_language(code):
    german = phone(**{"Accept-Language": "fr;q=0.4, de-CH, en;q=0.7"}).get("/join")
    assert '<html lang="de">' in german.text and "Code auf dem großen Bildschirm" in german.text
    for other in ("fr", "", "de;q=x", "de;q=0", "*"):
        assert "Code on the big screen" in phone(**{"Accept-Language": other}).get("/join").text
