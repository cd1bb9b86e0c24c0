"""The host's join panel: how phones come in, and whether they get through. `draw()` is all of it.

Who is in, and how somebody is removed, stands with the room's moves (present.py): it ends what their phones may do.
"""

import time
from functools import lru_cache

import ifaddr
import segno
import streamlit as st

from pages import door, house
from pages.parts import here
from pages.phone import entrance
from workshop import fields, hosts, joining, people, room, store
from workshop.joining import LockDoor, MakeLinks, NameWifi, RenewCode
from workshop.words import _

LOOK_SECONDS = 3  # how soon a phone that got through is seen, while the panel is open
RECENT_SECONDS = 15 * 60
MOST_NAMES = 8
QR_SIZE, PANEL_WIDTH = 232, 544


def draw() -> None:
    """A line in the sidebar that opens the panel, which runs only while it is open; beside it, for those who come
    late, the code on the shared screen."""
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        panel = st.popover(_("Join"), icon=":material/qr_code_2:", type="tertiary", key="join-panel", on_change="rerun")
        _on_the_screen()
    if panel.open:
        with panel, st.container(width=PANEL_WIDTH):
            _panel()


def _on_the_screen() -> None:
    entrance_ = joining.get_entrance(here.db())
    if room.shown_instead(here.db()) == "entrance":
        what, name, done = "", _("Take the code away"), _("Took the code off the screen")
    else:
        what, name, done = "entrance", _("Show the code"), _("The screen shows how to come in")
    if entrance_["join_code"] and not entrance_["locked"]:
        st.button(name, key="on-the-screen", type="tertiary", on_click=_do, width="content",
                  help=_("In place of the step, on the shared screen, until the room moves on."),
                  args=(room.show_instead, room.ShowInstead(what), done))  # fmt: skip


def _panel() -> None:
    entrance_ = joining.get_entrance(here.db())
    code = entrance_["join_code"]
    first, *others = addresses()
    with st.container(horizontal=True, gap="medium"):
        if code:
            st.image(_qr(f"{first}/join/{code}"), width=QR_SIZE, alt=_("The same address as a QR code"))
        with st.container(width=PANEL_WIDTH - QR_SIZE - 32):
            with st.container(key="join-code", gap=None):
                st.html(f'<p class="join-code">{code[:3]} {code[3:]}</p>')
                locked = _("The door is locked: only personal links open it.")
                st.caption(locked if entrance_["locked"] else _("The join code"))
            st.code(f"{first}/join", language=None, wrap_lines=True)
            _who_got_through()
    _door(entrance_["locked"])
    _wifi(entrance_["wifi"])
    _help(others if code else [])
    for address in others if code else ():
        with st.expander(address.removeprefix("http://")):
            st.image(_qr(f"{address}/join/{code}"), width=QR_SIZE, alt=_("The same address as a QR code"))
            st.code(f"{address}/join", language=None, wrap_lines=True)
    _links(entrance_["links"])
    if door.role() == "host":  # a co-host makes no other one
        _beside_the_host()


def _door(locked: bool) -> None:
    with st.container(horizontal=True, gap="xsmall"):
        st.button(_("New code"), key="renew-code", icon=":material/autorenew:", on_click=_do,
                  args=(joining.renew_code, RenewCode(), _("The join code is now {ref}")))  # fmt: skip
        if locked:
            st.button(_("Unlock the door"), key="lock-door", icon=":material/lock_open:", on_click=_do,
                      args=(joining.lock_door, LockDoor(False), _("Unlocked the door")))  # fmt: skip
        else:
            st.button(_("Lock the door"), key="lock-door", icon=":material/lock:", on_click=_do,
                      args=(joining.lock_door, LockDoor(True), _("Locked the door")))  # fmt: skip


def _wifi(name: str) -> None:
    key = f"wifi-{here.code()}-{name}"
    st.text_input(fields.label_of(fields.fields_of(NameWifi)["name"]), name, key=key, on_change=_name_wifi, args=(key,),
                  placeholder=_("Its name, for the shared screen"))  # fmt: skip
    if problem := here.refusal_for("name", "wifi"):
        st.text(problem)


def _name_wifi(key: str) -> None:
    command, done = NameWifi(st.session_state[key]), _("The screen names the Wi-Fi")
    here.carry_out(joining.name_wifi, command, done, kind="follow", beside="wifi")


@st.fragment(run_every=LOOK_SECONDS)
def _who_got_through() -> None:
    """How many are in, and by which address a phone last reached the entrance: the Wi-Fi lets it through."""
    seen = here.unless_refused(
        lambda: here.with_file(lambda db: (people.count_participants(db), joining.list_namesakes(db)))
    )
    if seen is None:  # the file is gone; the next run of the page says so
        return
    count, twice = seen
    st.markdown(_("**{count}** in").format(count=count) if count != 1 else _("**1** in"))
    if twice:
        said = _("More than once on the list: {names}. Perhaps the same person came in again and has two ballots.")
        st.caption(said.format(names=here.escaped(", ".join(twice[:MOST_NAMES]))), text_alignment="left")
    now = time.time()
    recent = [(now - at, host) for host, at in entrance.reached.items() if now - at < RECENT_SECONDS]
    if recent:
        ago, host = min(recent)
        st.caption(_("A phone got through at {address}, {minutes} min ago.").format(
            address=here.escaped(host), minutes=int(ago // 60)), text_alignment="left")  # fmt: skip
    else:
        st.caption(_("No phone has got through yet."))
    for address in entrance.WRONG.used_up()[:MOST_NAMES]:
        said = _("Many wrong codes come from {address}: phones from there have to wait. Personal links open at once.")
        st.caption(said.format(address=here.escaped(address)), text_alignment="left")


def _help(others: list[str]) -> None:
    with st.expander(_("If a phone does not get through")):
        st.caption(_("Phone and this machine must be in the same Wi-Fi; mobile data does not lead here."))
        st.caption(_("Guest Wi-Fi often keeps devices apart: then use this machine's or a phone's hotspot."))
        st.caption(_("A firewall may ask whether Python may be reached: allow it for this network."))
        if others:
            st.caption(_("Try the next address below: a machine with cable and Wi-Fi has several."))


def _links(unused: int) -> None:
    """Personal links, for ballots that nobody can stuff. Their secrets are shown once."""
    with st.expander(_("Personal links")):
        st.caption(_("Each opens once, also while the door is locked: for votes that nobody may stuff."))
        st.number_input(_("How many"), 1, 200, 10, key="links-many")
        st.button(_("Make links"), key="make-links", on_click=_make_links)
        if unused:
            st.caption(_("{count} not used yet.").format(count=unused))
        if links := st.session_state.get(f"links-{here.code()}"):
            st.caption(_("They are shown only this once: copy them."))
            st.code("\n".join(links), language=None)


def _make_links() -> None:
    secrets = tuple(joining.new_link(here.code()) for _link in range(st.session_state["links-many"]))
    if _do(joining.make_links, MakeLinks(secrets), _("Made {ref} personal links")) is not None:
        address = house.address_in_the_room()
        st.session_state[f"links-{here.code()}"] = [f"{address}/join#{secret}" for secret in secrets]


def _beside_the_host() -> None:
    """Links for those who steer with the host, and for those who only look on. Their secrets are shown once."""
    with st.expander(_("Co-hosts and observers")):
        st.caption(_("A co-host does all that you do in this workshop and sees no other; an observer sees the screen."))
        kinds = ("cohost", _("Link for a co-host"), "/"), ("observer", _("Link for an observer"), "/screen")
        for role, make, page in kinds:
            with st.container(horizontal=True, gap="xsmall", vertical_alignment="center"):
                st.button(make, key=f"link-{role}", on_click=_make_role_link, args=(role, page))
                if count := hosts.count_links(store.library(), here.code(), role):
                    name = _("Withdraw all {count}").format(count=count) if count > 1 else _("Withdraw it")
                    st.button(name, key=f"withdraw-{role}", type="tertiary",
                              on_click=_withdraw, args=(role,))  # fmt: skip
            if link := st.session_state.get(f"link-{role}-{here.code()}"):
                st.code(link, language=None, wrap_lines=True)


def _make_role_link(role: str, page: str) -> None:
    code = here.code()
    secret = here.attempt(lambda: hosts.make_link(store.library(), code, role))
    if secret:
        st.session_state[f"link-{role}-{code}"] = door.screen_link(house.address_in_the_room(), code, secret, page)


def _withdraw(role: str) -> None:
    here.attempt(lambda: hosts.withdraw_links(store.library(), here.code(), role))
    st.session_state.pop(f"link-{role}-{here.code()}", None)


def _do(handler, command, done: str):
    """At the entrance there is nothing to undo: an old code that came back would let in whoever was to stay out."""
    return here.carry_out(handler, command, done, kind="follow")


def addresses() -> list[str]:
    """Where phones may reach this machine, the likeliest first."""
    first = house.address_in_the_room()
    port = st.get_option("server.port")
    own = [
        f"http://{ip.ip}:{port}"
        for adapter in ifaddr.get_adapters() for ip in adapter.ips
        if ip.is_IPv4 and not door.is_loopback(ip.ip) and not str(ip.ip).startswith("169.254.")
    ]  # fmt: skip
    return list(dict.fromkeys([first, *own]))


@lru_cache
def _qr(address: str) -> str:
    """A QR code as SVG, black on white also where the page is dark, with the quiet zone that readers need."""
    return segno.make(address, error="m").svg_inline(scale=8, border=4, light="#fff")
