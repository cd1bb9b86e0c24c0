"""The door: who is who, and what each may reach."""

import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect
from streamlit.testing.v1 import AppTest

from pages import door
from workshop import hosts

CODE, OTHER = "QB3BC3W9", "ZZ3BC3W9"
AWAY = "http://192.0.2.7:8501"
NEIGHBOUR = ("192.0.2.50", 40000)


async def say_who(request: Request) -> JSONResponse:
    said = request.headers.getlist(door.HEADER)
    return JSONResponse({
        "role": door.role(request.headers), "screen": door.screen_code(request.headers), "headers": len(said),
    })  # fmt: skip


async def take_in(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text(door.role(websocket.headers))
    await websocket.close()


HOUSE = Starlette(
    routes=[
        Route("/{path:path}", say_who, methods=["GET", "POST", "PUT"]),
        WebSocketRoute("/_stcore/stream", take_in),
        WebSocketRoute("/elsewhere", take_in),
    ],
    middleware=[Middleware(door.Door, open_to_all=("/join",))],
)


@pytest.fixture(autouse=True)
def library(tmp_path, monkeypatch) -> Path:
    monkeypatch.setenv("THROUGHLINE_HOME", str(tmp_path))
    monkeypatch.delenv("THROUGHLINE_HOST_KEY", raising=False)
    monkeypatch.delenv("THROUGHLINE_URL", raising=False)
    return tmp_path


def browser(address: str = AWAY, peer: tuple[str, int] = NEIGHBOUR, **cookies: str) -> TestClient:
    # HOUSE builds its middleware anew for every browser, so that wrong tries do not add up between tests
    house = Starlette(routes=HOUSE.routes, middleware=HOUSE.user_middleware)
    return TestClient(house, base_url=address, client=peer, cookies=cookies, follow_redirects=False)


def is_door(answer) -> bool:
    return answer.status_code == 403 and 'action="/door"' in answer.text


def come_in(visitor: TestClient, key: str, to: str = "/", **headers: str):
    return visitor.post("/door", data={"key": key, "to": to}, headers=headers)


def websocket_role(visitor: TestClient, path: str = "/_stcore/stream", **headers: str) -> str:
    try:
        address = str(visitor.base_url).replace("http", "ws", 1).rstrip("/")
        with visitor.websocket_connect(address + path, headers=headers) as socket:
            return socket.receive_text()
    except WebSocketDisconnect:
        return "refused"


# The machine itself


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "127.8.8.8"])
@pytest.mark.parametrize("address", ["http://localhost:8501", "http://127.0.0.1:8501", "http://[::1]:8501"])
def test_a_browser_on_this_machine_is_the_host(peer, address):
    visitor = browser(address, (peer, 50000))
    assert visitor.get("/purpose").json() == {"role": "host", "screen": None, "headers": 1}
    assert websocket_role(visitor) == "host"


@pytest.mark.parametrize("address", ["http://192.0.2.7:8501", "http://0.0.0.0:8501", "http://[2001:db8::1]:8501"])
def test_this_machine_under_an_outer_address_is_nobody(address):
    assert is_door(browser(address, ("127.0.0.1", 50000)).get("/"))


@pytest.mark.parametrize("peer", ["192.0.2.50", "10.0.0.3", "2001:db8::5", "::ffff:192.0.2.50", "testclient", ""])
def test_another_machine_is_nobody_even_when_it_says_localhost(peer):
    visitor = browser("http://localhost:8501", (peer, 40000))
    assert is_door(visitor.get("/"))
    assert websocket_role(visitor) == "refused"


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "X-Real-IP", "Via", "CF-Connecting-IP"],
)
def test_whatever_came_through_a_proxy_on_this_machine_is_nobody(header):
    visitor = browser("http://localhost:8501", ("127.0.0.1", 50000))
    assert is_door(visitor.get("/", headers={header: "127.0.0.1"}))
    assert websocket_role(visitor, **{header: "127.0.0.1"}) == "refused"


def test_a_host_key_of_ones_own_closes_the_machine_itself_too(monkeypatch):
    visitor = browser("http://localhost:8501", ("127.0.0.1", 50000))
    before = {door.HEADER: door.stamp("host")}
    assert door.still_host(before)
    monkeypatch.setenv("THROUGHLINE_HOST_KEY", "a key of our own")
    assert is_door(visitor.get("/"))
    assert websocket_role(visitor) == "refused"
    assert not door.still_host(before)
    assert come_in(visitor, "a key of our own").status_code == 303
    assert visitor.get("/").json()["role"] == "host"


# Names


@pytest.mark.parametrize(
    "name", ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a b", "x@localhost"]
)
def test_a_name_that_is_not_ours_gets_one_sentence(name):
    answer = browser("http://localhost:8501", ("127.0.0.1", 50000)).get("/", headers={"Host": name})
    assert answer.status_code == 400
    assert "\n" not in answer.text


def test_the_address_in_throughline_url_is_ours(monkeypatch):
    visitor = browser("https://workshop.example.org")
    assert visitor.get("/").status_code == 400
    monkeypatch.setenv("THROUGHLINE_URL", "https://workshop.example.org")
    assert is_door(visitor.get("/"))


# Forgeries


@pytest.mark.parametrize("claim", ["host", f"screen:{CODE}", "host " + "0" * 32, "nobody"])
def test_a_role_that_a_client_claims_is_struck_out(claim):
    assert is_door(browser().get("/", headers={door.HEADER: claim}))
    answer = browser().get("/join", headers={door.HEADER: claim}).json()
    assert answer == {"role": "nobody", "screen": None, "headers": 0}


def test_without_the_door_a_claim_is_believed_by_nobody():
    for claim in (
        "host",
        "host ",
        f"host {'0' * 32}",
        f"screen:{CODE}",
        f"host:{'0' * 64} {'0' * 32}",
        None,
        7,
        object(),
    ):
        assert door.role({door.HEADER: claim}) == "nobody"


@pytest.mark.parametrize("cookie", ["", "x", "0" * 64, "host", "é", "a" * 5000])
def test_a_forged_cookie_opens_nothing(cookie, library):
    hosts.open_house(library)
    visitor = browser()
    sent = {"Cookie": f"{door.COOKIE}={cookie}".encode()}
    assert is_door(visitor.get("/", headers=sent))
    stored = json.loads((library / hosts.FILE).read_text())["key"]
    assert is_door(visitor.get("/", headers={"Cookie": f"{door.COOKIE}={stored}"}))


# The host key


def test_the_key_opens_the_door_and_leads_to_the_page_asked_for(library):
    key, visitor = hosts.open_house(library), browser()
    shown = visitor.get(f"/purpose?w={CODE}")
    assert is_door(shown)
    assert f'value="/purpose?w={CODE}"' in shown.text
    answer = come_in(visitor, key, to=f"/purpose?w={CODE}", Origin=AWAY)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/purpose?w={CODE}")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower() and "Secure" not in cookie
    assert visitor.get("/purpose").json()["role"] == "host"
    assert websocket_role(visitor, Origin=AWAY) == "host"


def test_the_key_is_taken_as_people_type_it(library):
    key = hosts.open_house(library)
    assert come_in(browser(), f" {key.lower().replace('-', ' ')} ").status_code == 303


def test_under_https_the_cookie_is_for_https_only(library):
    answer = come_in(browser("https://192.0.2.7"), hosts.open_house(library))
    assert "Secure" in answer.headers["set-cookie"]


def test_a_wrong_key_gets_the_door_again_with_a_sentence(library):
    hosts.open_house(library)
    answer = come_in(browser(), "wrong", to="/purpose")
    assert is_door(answer)
    assert "That key does not open this door." in answer.text
    assert 'value="/purpose"' in answer.text
    assert "set-cookie" not in answer.headers


def test_the_tenth_wrong_key_within_a_minute_is_the_last(library):
    key, visitor = hosts.open_house(library), browser()
    assert [come_in(visitor, "wrong").status_code for _try in range(11)] == [403] * 10 + [429]
    refused = come_in(visitor, key)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "60"


def test_wrong_keys_of_one_machine_do_not_shut_out_another(library):
    key = hosts.open_house(library)
    house = Starlette(routes=HOUSE.routes, middleware=HOUSE.user_middleware)
    culprit = TestClient(house, base_url=AWAY, client=("2001:db8::1", 1), follow_redirects=False)
    accomplice = TestClient(house, base_url=AWAY, client=("2001:db8::2", 1), follow_redirects=False)
    other = TestClient(house, base_url=AWAY, client=("2001:db8:1::1", 1), follow_redirects=False)
    for _try in range(10):
        come_in(culprit, "wrong")
    assert come_in(accomplice, key).status_code == 429, "one machine has a whole /64"
    assert come_in(other, key).status_code == 303


@pytest.mark.parametrize(
    "to",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/\t/evil.example",
        "evil",
        "/door?to=/door",
        "/a\nb",
    ],
)
def test_the_door_leads_nowhere_but_to_our_own_pages(to, library):
    assert come_in(browser(), hosts.open_house(library), to=to).headers["location"] == "/"


def test_what_is_asked_for_cannot_write_into_the_page():
    bad = '/x"><script>alert(1)</script>'
    for shown in (browser().get(bad), browser().get("/door", params={"to": bad}), come_in(browser(), "wrong", to=bad)):
        assert "<script>alert" not in shown.text


def test_a_body_too_long_for_a_key_is_not_read():
    assert come_in(browser(), "x" * 5000).status_code == 413


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Origin": "http://192.0.2.7:9999"},
     {"Sec-Fetch-Site": "cross-site"},
     {"Sec-Fetch-Site": "same-site"}],
)  # fmt: skip
def test_a_page_of_another_site_writes_nothing(headers, library):
    key = hosts.open_house(library)
    answer = come_in(browser(), key, **headers)
    assert answer.status_code == 403 and "set-cookie" not in answer.headers
    at_home = browser("http://localhost:8501", ("127.0.0.1", 50000))
    assert at_home.post("/join", headers=headers).status_code == 403


@pytest.mark.parametrize(
    "origin", ["http://evil.example", "null", "http://localhost:9999", "http://localhost.evil.example:8501"]
)
def test_a_websocket_from_another_sites_page_is_refused(origin):
    at_home = browser("http://localhost:8501", ("127.0.0.1", 50000))
    assert websocket_role(at_home, Origin=origin) == "refused"
    assert websocket_role(at_home, Origin="http://localhost:8501") == "host"


def test_behind_a_proxy_pages_of_throughline_url_are_our_own(monkeypatch):
    monkeypatch.setenv("THROUGHLINE_URL", "https://workshop.example.org")
    monkeypatch.setenv("THROUGHLINE_HOST_KEY", "key")
    visitor = browser("http://workshop.example.org", ("127.0.0.1", 40000))
    answer = come_in(visitor, "key", **{"Origin": "https://workshop.example.org", "X-Forwarded-Proto": "https"})
    assert answer.status_code == 303
    assert "Secure" in answer.headers["set-cookie"]


def test_the_door_sends_its_headers_and_runs_no_inline_script():
    shown = browser().get("/")
    assert "default-src 'none'" in shown.headers["content-security-policy"]
    assert "unsafe" not in shown.headers["content-security-policy"]
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["referrer-policy"] == "same-origin"
    assert shown.headers["cache-control"] == "no-store"
    assert "<script>" not in shown.text and "<style" not in shown.text and " style=" not in shown.text


# Nobody


@pytest.mark.parametrize("path", [
    "/", "/purpose", "/media/x.pdf", "/static/js/a.js", "/_stcore/upload_file/a/b", "/_stcore/metrics",
    f"/live/{CODE}", "//app/static/x", "/app/staticx", "/joining", "/_stcore/healthy",
])  # fmt: skip
def test_nobody_sees_only_the_door(path):
    assert is_door(browser().get(path))
    assert is_door(browser().put(path))


@pytest.mark.parametrize("path", ["/app/static/door.css", "/_stcore/health", "/join", "/join/KQ74MD"])
def test_nobody_reaches_what_is_open_to_all(path):
    assert browser().get(path).json()["role"] == "nobody"


# The shared screen


@pytest.fixture
def screen(library) -> TestClient:
    visitor = browser()
    assert come_in(visitor, hosts.make_link(library, CODE, "screen"), to=f"/screen?w={CODE}").status_code == 303
    return visitor


def test_a_screen_reaches_its_page_and_its_own_news(screen):
    for path in ("/screen", "/static/js/a.js", "/_stcore/host-config", f"/live/{CODE}", "/app/static/x.css"):
        assert screen.get(path).json() == {"role": "screen", "screen": CODE, "headers": 1}
    assert websocket_role(screen) == "screen"


@pytest.mark.parametrize("path", ["/", "/purpose", f"/live/{OTHER}", f"/live/{CODE}X", "/_stcore/metrics", "/screens"])
def test_a_screen_reaches_no_other_page_and_no_other_workshop(screen, path):
    assert is_door(screen.get(path))


def test_a_screen_uploads_nothing(screen):
    assert is_door(screen.put("/_stcore/upload_file/a/b"))
    assert is_door(screen.post(f"/live/{CODE}"))
    assert websocket_role(screen, "/elsewhere") == "refused"


def test_a_withdrawn_link_ends_its_screens_and_no_others(library, screen):
    other = browser()
    come_in(other, hosts.make_link(library, OTHER, "screen"))
    claim = f"screen:{CODE}:{hosts.digest(screen.cookies[door.COOKIE])}"
    assert door.screen_code({door.HEADER: door.stamp(claim)}) == CODE
    hosts.withdraw_links(library, CODE, "screen")
    assert is_door(screen.get("/screen"))
    assert door.screen_code({door.HEADER: door.stamp(claim)}) is None
    assert other.get("/screen").json()["screen"] == OTHER


def test_a_host_who_follows_a_screens_link_stays_host(library):
    visitor = browser()
    come_in(visitor, hosts.open_house(library))
    answer = come_in(visitor, hosts.make_link(library, CODE, "screen"), to=f"/screen?w={CODE}")
    assert answer.headers["location"] == f"/screen?w={CODE}"
    assert visitor.get("/purpose").json()["role"] == "host"


def test_a_screens_link_keeps_its_secret_behind_the_hash(library):
    link = door.screen_link(f"{AWAY}/", CODE, "a/secret")
    assert link == f"{AWAY}/door?to=%2Fscreen%3Fw%3D{CODE}#k=a%2Fsecret"
    shown = browser().get(link)
    assert shown.status_code == 200 and f'value="/screen?w={CODE}"' in shown.text


# Co-hosts and observers


def guest(library, role: str) -> TestClient:
    visitor = browser()
    come_in(visitor, hosts.make_link(library, CODE, role), to=f"/?w={CODE}")
    return visitor


def test_a_cohost_is_host_of_one_workshop_and_no_other(library):
    cohost = guest(library, "cohost")
    assert cohost.get("/purpose").json() == {"role": "cohost", "screen": None, "headers": 1}
    assert websocket_role(cohost) == "cohost"
    header = {door.HEADER: door.stamp(f"cohost:{CODE}:{hosts.digest(cohost.cookies[door.COOKIE])}")}
    assert door.still_host(header) and door.own_code(header) == CODE
    assert cohost.get(f"/live/{CODE}").json()["role"] == "cohost"
    assert is_door(cohost.get(f"/live/{OTHER}")) and is_door(cohost.get("/live"))
    hosts.withdraw_links(library, CODE, "cohost")
    assert not door.still_host(header) and is_door(cohost.get("/purpose"))


def test_an_observer_sees_the_screen_and_nothing_else(library):
    observer = guest(library, "observer")
    assert observer.get("/screen").json() == {"role": "observer", "screen": CODE, "headers": 1}
    for path in ("/", "/purpose", f"/live/{OTHER}"):
        assert is_door(observer.get(path))
    assert is_door(observer.post("/screen"))
    hosts.withdraw_links(library, CODE, "screen")
    assert observer.get("/screen").status_code == 200, "another role's links are another's"
    hosts.withdraw_links(library, CODE, "observer")
    assert is_door(observer.get("/screen"))


# Sessions


def test_a_run_asks_again_whether_the_session_still_holds(library):
    key, visitor = hosts.open_house(library), browser()
    come_in(visitor, key)
    session = hosts.digest(visitor.cookies[door.COOKIE])
    header = {door.HEADER: door.stamp(f"host:{session}")}
    assert door.still_host(header) and door.session(header) == session
    hosts.withdraw(library, session)
    assert not door.still_host(header)
    assert is_door(visitor.get("/"))


def test_a_new_key_ends_the_sessions_of_the_old_one(library):
    key, visitor = hosts.open_house(library), browser()
    come_in(visitor, key)
    newer = hosts.renew_key(library)
    assert is_door(visitor.get("/"))
    assert come_in(visitor, key).status_code == 403
    assert come_in(visitor, newer).status_code == 303


def test_another_key_of_ones_own_ends_the_sessions_of_the_one_before(library, monkeypatch):
    monkeypatch.setenv("THROUGHLINE_HOST_KEY", "first")
    visitor = browser()
    come_in(visitor, "first")
    assert visitor.get("/").json()["role"] == "host"
    monkeypatch.setenv("THROUGHLINE_HOST_KEY", "second")
    assert is_door(visitor.get("/"))


def test_only_hashes_are_stored_and_only_the_owner_reads_them(library, monkeypatch):
    key, visitor = hosts.open_house(library), browser()
    come_in(visitor, key)
    link = hosts.make_link(library, CODE, "screen")
    stored = (library / hosts.FILE).read_text()
    for secret in (key, key.replace("-", ""), visitor.cookies[door.COOKIE], link):
        assert secret not in stored
    if os.name == "posix":
        assert (library / hosts.FILE).stat().st_mode & 0o777 == 0o600


def test_the_key_is_shown_once(library):
    assert hosts.open_house(library)
    assert hosts.open_house(library) is None


def test_a_damaged_file_lets_nobody_in(library):
    key, visitor = hosts.open_house(library), browser()
    come_in(visitor, key)
    for damage in ("", "[]", '{"key": 1}', "\x00"):
        (library / hosts.FILE).write_text(damage)
        assert is_door(visitor.get("/"))
        assert come_in(browser(), "None").status_code == 403


def test_two_processes_lose_no_link(library):
    make = "import sys; from pathlib import Path; from workshop import hosts; " \
           f"[print(hosts.make_link(Path(sys.argv[1]), {CODE!r}, 'screen')) for _n in range(20)]"  # fmt: skip
    root = Path(__file__).parents[1]

    def run(_number: int) -> list[str]:
        command = [sys.executable, "-c", make, str(library)]
        out = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
        return out.stdout.split()

    with ThreadPoolExecutor() as pool:
        links = [link for made in pool.map(run, range(3)) for link in made]
    assert len(links) == 60
    assert all(hosts.enter(library, link) for link in links)


# Pages under test


def whoami() -> None:
    import streamlit as st  # noqa: PLC0415  AppTest runs this function's text alone

    from pages import door  # noqa: PLC0415

    st.text(door.role())


def test_in_a_page_test_everybody_is_nobody_until_the_test_says_otherwise(monkeypatch):
    assert AppTest.from_function(whoami).run().text[0].value == "nobody"
    monkeypatch.setattr(door, "headers", lambda: {door.HEADER: door.stamp("host")})
    assert AppTest.from_function(whoami).run().text[0].value == "host"
