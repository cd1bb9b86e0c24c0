"""The host's join panel, as the host uses it; and what a co-host sees of the house."""

import ifaddr
import pytest

from pages import door
from pages.phone import entrance
from pages.phone.limits import Allowance
from tests.phones import bus, come_in, join_code, phone, unhurried  # noqa: F401
from tests.test_pages import click, lead, screen_of, texts, visit
from workshop import hosts, items, joining, journal, people, room, store


def as_(monkeypatch, who: str) -> None:
    monkeypatch.setattr(door, "headers", lambda: {door.HEADER: door.stamp(who)})


@pytest.fixture
def panel(bus, monkeypatch):  # noqa: F811
    """The purpose page with the panel open."""
    as_(monkeypatch, "host")
    return opened(bus)


def opened(code: str):
    at = visit(code, "purpose")
    at.session_state["join-panel"] = True
    at.run()
    assert not at.exception
    return at


def said(at) -> str:
    return " ".join([*(one.value for one in at.markdown), *(one.value for one in at.caption), *texts(at),
                     *(one.value for one in at.code)])  # fmt: skip


def test_it_says_how_phones_come_in_and_whether_one_got_through(panel, bus, monkeypatch):  # noqa: F811
    monkeypatch.setattr(entrance, "reached", {})
    panel.run()
    described = {picture.alt for one in panel.get("image") for picture in one.proto.imgs}
    assert described == {"The same address as a QR code"}
    assert "/join" in said(panel) and "No phone has got through yet." in said(panel)
    assert "hotspot" in said(panel) and "firewall" in said(panel).lower() and "Guest Wi-Fi" in said(panel)
    come_in(phone(), join_code(bus), name="Ana")
    panel.run()
    assert r"A phone got through at 192\.0\.2\.7\:8501, 0 min ago." in said(panel)
    assert "**13** in" in said(panel)


def test_the_screen_names_the_wi_fi_that_the_host_names_and_nothing_that_is_no_name(panel, bus):  # noqa: F811
    def name(words: str) -> None:
        [field] = [one for one in panel.text_input if one.label == "Wi-Fi in this room"]
        field.set_value(words).run()

    def screen() -> str:
        click(panel, "on-the-screen")
        html = screen_of(visit(bus, "purpose").switch_page("room/screen.py").run())
        click(panel, "on-the-screen")
        return html

    assert '<p class="far">On this room’s Wi-Fi</p>' in screen()
    name("Valley & <Guest>")
    assert '<p class="far">Wi-Fi Valley &amp; &lt;Guest&gt;, then</p>' in screen()
    name("x" * 33)
    assert "“Wi-Fi in this room” may have at most 32 characters, and this has 33." in said(panel)
    with store.open(bus) as db:
        assert joining.get_entrance(db)["wifi"] == "Valley & <Guest>"
    name("")
    assert '<p class="far">On this room’s Wi-Fi</p>' in screen()
    assert "undo" not in [one.key for one in panel.button], "a sign at the door is nothing to take back"


def test_another_address_is_spoken_of_only_where_one_stands_below(panel, monkeypatch):  # noqa: F811
    monkeypatch.setattr(ifaddr, "get_adapters", list)
    assert "next address" not in said(panel.run())
    cable = ifaddr.Adapter("eth", "eth", [ifaddr.IP("192.0.2.9", 24, "eth")])
    monkeypatch.setattr(ifaddr, "get_adapters", lambda: [cable])
    assert "Try the next address below" in said(panel.run())


def test_the_host_is_told_from_where_many_wrong_codes_come(panel, bus, monkeypatch):  # noqa: F811
    monkeypatch.setattr(entrance, "WRONG", Allowance(2, 0))
    assert "Many wrong codes" not in said(panel.run())
    for sign in "BCD":
        phone().get(f"/join/AAAAA{sign}")
    panel.run()
    told = r"Many wrong codes come from 192\.0\.2\.50: phones from there have to wait. Personal links open at once."
    assert told in said(panel)


def test_the_host_sees_who_may_have_come_in_twice(panel, bus):  # noqa: F811
    assert "More than once on the list" not in said(panel)
    come_in(phone(), join_code(bus), name="Bo *b*")
    come_in(phone("192.0.2.51"), join_code(bus), name="bo *b*", another="1")
    panel.run()
    assert r"More than once on the list: bo \*b\*." in said(panel)


def test_the_code_is_renewed_and_the_door_locked_and_undo_brings_no_old_code_back(panel, bus):  # noqa: F811
    old = join_code(bus)
    click(panel, "renew-code")
    new = join_code(bus)
    assert new != old
    click(panel, "lock-door")
    assert come_in(phone(), new).status_code == 422
    assert "The door is locked: only personal links open it." in said(panel)
    with store.open(bus) as db:
        assert journal.next_undo(db) is None, "there is nothing here that undo would take back"
    click(panel, "lock-door")
    assert come_in(phone("192.0.2.51"), new).status_code == 303
    assert come_in(phone("192.0.2.52"), old).status_code == 404


def test_personal_links_are_shown_once_and_open_once(panel, bus):  # noqa: F811
    panel.number_input(key="links-many").set_value(2)
    click(panel, "make-links")
    links = next(one.value for one in panel.code if "#" in one.value).splitlines()
    assert len(links) == 2 and "2 not used yet." in said(panel)
    secret = links[0].partition("#")[2]
    assert come_in(phone(), secret, name="Ana").status_code == 303
    assert come_in(phone("192.0.2.51"), secret).status_code == 422
    fresh = opened(bus)
    assert secret not in said(fresh) and "1 not used yet." in said(fresh)


def test_a_person_is_removed_and_brought_back(panel, bus):  # noqa: F811
    mine = phone()
    come_in(mine, join_code(bus), name="Ana")
    with store.open(bus) as db:
        ana = next(one["id"] for one in people.list_participants(db) if one["alias"] == "Ana")
    panel.run().session_state["people"] = True
    click(panel.run(), f"remove-{ana}")
    again = mine.get("/phone").headers["location"]
    assert "You are not in this workshop any more. Come in again." in mine.get(again).text
    assert "not in this workshop" not in mine.get("/join").text, "whoever comes for another one is told nothing"
    click(panel, "undo")
    assert mine.get(again).headers["location"] == "/phone", "with no code to be typed"
    assert mine.get("/phone").status_code == 200


def test_one_after_another_is_taken_off_the_list_while_it_stays_open(panel, bus):  # noqa: F811
    with store.open(bus) as db:
        first, second, third, *_rest = (one["id"] for one in people.list_participants(db))
    panel.session_state["people"] = True
    panel.run()
    for one in (first, second):
        click(panel, f"remove-{one}")
    assert f"remove-{third}" in [button.key for button in panel.button]
    with store.open(bus) as db:
        assert people.count_participants(db) == 10


def test_who_comes_late_finds_the_code_on_the_screen_until_the_room_moves_on(bus, monkeypatch):  # noqa: F811
    def screen() -> str:
        return next(one.value for one in visit(bus, "screen").get("html") if '<div class="screen">' in one.value)

    as_(monkeypatch, "host")
    at, code = lead(bus, "purpose"), join_code(bus)
    before = screen()
    assert 'class="qr"' not in before
    click(at, "on-the-screen")
    assert 'class="qr"' in screen() and f"{code[:3]} {code[3:]}" in screen()
    click(at, "on-the-screen")
    assert screen() == before
    click(at, "on-the-screen")
    with store.open(bus) as db:
        journal.act(db, journal.HOST, room.hide, room.Hide(), "Hid it")
    assert 'class="qr"' not in screen()
    click(at.run(), "on-the-screen")
    with store.open(bus) as db:
        journal.act(db, journal.HOST, joining.lock_door, joining.LockDoor(True), "Locked it")
    assert code[:3] not in screen(), "a code that opens nothing is not shown"
    assert "on-the-screen" not in [button.key for button in at.run().button]


def test_each_host_is_offered_to_take_back_what_they_did_themselves(bus, library, monkeypatch):  # noqa: F811
    as_(monkeypatch, "host")
    host = visit(bus, "purpose")
    park(host, "May we refund without asking?")
    token = hosts.enter(library, hosts.make_link(library, bus, "cohost"))
    as_(monkeypatch, f"cohost:{bus}:{hosts.digest(token)}")
    beside = visit(bus, "purpose")
    assert "undo" not in [button.key for button in beside.button], "what the other one did is not theirs to take back"
    park(beside, "Who pays the taxi?")
    assert beside.button(key="undo").label.startswith("Undo “Parked ")
    as_(monkeypatch, "host")
    click(host.run(), "undo")
    with store.open(bus) as db:
        kept = {row["text"] for row in items.list_items(db, "question")}
    assert "Who pays the taxi?" in kept and "May we refund without asking?" not in kept


def park(at, question: str) -> None:
    at.session_state["parking"] = True
    at.run()
    at.text_input(key=at.session_state[f"fresh-{at.session_state['workshop']}-question"]).set_value(question)
    click(at, "park")


def test_a_cohost_has_one_workshop_whatever_the_address_says(code, bus, library, monkeypatch):  # noqa: F811
    token = hosts.enter(library, hosts.make_link(library, bus, "cohost"))
    as_(monkeypatch, f"cohost:{bus}:{hosts.digest(token)}")
    at = visit(code, "purpose")
    assert at.session_state["workshop"] == bus
    before = join_code(code)
    at.session_state["join-panel"] = True
    click(at.run(), "renew-code")
    assert join_code(code) == before
    assert "link-cohost" not in [button.key for button in at.button], "a co-host makes no other one"
    hosts.withdraw_links(library, bus, "cohost")
    now = join_code(bus)
    click(at, "renew-code")
    assert join_code(bus) == now
    with store.open(code) as db:
        assert joining.get_entrance(db)["locked"] is False
