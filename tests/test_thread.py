"""The thread: which strands there are, what hangs loose, and what the picture shows of it."""
import copy
import json
import re
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.palette import INKS, drawing_colours
from workshop.thread import TITLES, draw_thread
from workshop.thread.loose import list_loose, thread_sentence
from workshop.thread.parts import list_parts
from workshop.thread.strands import COLUMNS, Strand, list_strands

SAMPLES = Path(__file__).parents[1] / "sample_data"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def bus():
    return json.loads((SAMPLES / "bus.json").read_text())


TINY = {
    "purposes": [{"id": "P1", "level": "big", "text": "Be there"},
                 {"id": "P3", "level": "small", "text": "I need a bus"}],
    "promises": [{"id": "PR1", "text": "It comes", "status": "chosen"}],
    "values": [{"id": "V1", "name": "Straight"}],
    "principles": [{"id": "D1", "text": "Truth even over comfort", "values": ["V1"]}],
    "touchpoints": [{"id": "T1", "name": "The stop"}],
    "concepts": [{"id": "E1", "name": "Board", "purposes": ["P3"], "principles": ["D1"], "touchpoints": ["T1"]}],
    "metrics": [{"id": "C1", "kind": "cpi", "name": "Told", "purpose": "P3"},
                {"id": "K1", "kind": "kpi", "name": "Paid"},
                {"id": "H1", "kind": "nps", "name": "Would recommend", "purpose": "P3"}],
    "cpi_kpi_links": [{"cpi": "C1", "kpi": "K1"}],
}
WHOLE = Strand("P3", "PR1", "V1", "D1", "T1", "E1", "C1", "K1")


def tiny(**changed):
    return copy.deepcopy(TINY) | changed


def links(tables):
    """Every link of the tables whose two ends both live and stand in the picture."""
    gone = {row["id"] for rows in tables.values() if isinstance(rows, list) for row in rows if "id" in row
            and (row.get("status") in ("parked", "rejected", "merged") or row.get("archived_at"))}
    known = {row["id"] for rows in tables.values() if isinstance(rows, list) for row in rows if "id" in row} - gone
    found = {(e["id"], ref) for e in tables.get("concepts", []) for key in ("purposes", "principles", "touchpoints")
             for ref in e.get(key, [])}
    found |= {(d["id"], v) for d in tables.get("principles", []) for v in d["values"]}
    found |= {(m["id"], m["purpose"]) for m in tables.get("metrics", []) if m["kind"] == "cpi" and m.get("purpose")}
    found |= {(link["cpi"], link["kpi"]) for link in tables.get("cpi_kpi_links", [])}
    return {(a, b) for a, b in found if a in known and b in known}


def links_of(strand):
    """The links a strand claims: each pair of its refs that must be tied for the strand to run through both."""
    return {pair for pair in ((strand.concept, strand.purpose), (strand.concept, strand.principle),
                              (strand.concept, strand.touchpoint), (strand.principle, strand.value),
                              (strand.cpi, strand.purpose), (strand.cpi, strand.kpi)) if None not in pair}


def refs_in(svg):
    """The refs written beside the beads."""
    return {text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")
            if re.fullmatch(r"[A-Z]+\d+[a-z]?", text.text or "")}


def dashed(svg):
    """The refs of the beads that are dashed."""
    return {group.find(f"{SVG}text").text for group in ElementTree.fromstring(svg).iter(f"{SVG}g")
            if group.find(f"{SVG}rect") is not None and group.find(f"{SVG}rect").get("stroke-dasharray")}


@st.composite
def workshops(draw):
    """Half-empty workshops of any shape, with links to what is there, is gone, or never was."""
    def refs(letter, most=5):
        return [f"{letter}{i}" for i in range(draw(st.integers(0, most)))]

    def some(known):
        return draw(st.lists(st.sampled_from([*known, "X9"]), unique=True, max_size=4))

    small, values, principles, touchpoints, cpis, kpis = (refs(letter) for letter in ("P", "V", "D", "T", "C", "K"))
    status = st.sampled_from(["candidate", "selected", "rejected", "parked", "merged", "idea"])
    return {
        "purposes": [{"id": ref, "level": "small", "text": ref, "status": "chosen"} for ref in small],
        "promises": [{"id": "PR1", "text": "x", "status": "chosen"}] if draw(st.booleans()) else [],
        "values": [{"id": ref, "name": ref} for ref in values],
        "principles": [{"id": ref, "text": ref, "values": some(values)} for ref in principles],
        "touchpoints": [{"id": ref, "name": ref} for ref in touchpoints],
        "concepts": [{"id": ref, "name": ref, "status": draw(status), "purposes": some(small),
                      "principles": some(principles), "touchpoints": some(touchpoints)} for ref in refs("E", 7)],
        "metrics": [{"id": ref, "kind": "cpi", "name": ref, "purpose": draw(st.sampled_from([None, "X9", *small]))}
                    for ref in cpis] + [{"id": ref, "kind": "kpi", "name": ref} for ref in kpis],
        "cpi_kpi_links": [{"cpi": c, "kpi": k} for c in cpis for k in some(kpis)],
    }


@given(workshops())
def test_every_link_lies_in_a_strand_and_no_strand_invents_one(tables):
    strands = list_strands(tables)
    assert {link for strand in strands for link in links_of(strand)} == links(tables)


@given(workshops())
def test_every_live_item_is_drawn_once_and_nothing_else(tables):
    live = {row["id"] for key in ("purposes", "promises", "values", "principles", "touchpoints", "concepts", "metrics")
            for row in tables[key] if row.get("status") not in ("rejected", "parked", "merged")}
    svg = draw_thread(tables)
    assert refs_in(svg) == live
    assert len(list(ElementTree.fromstring(svg).iter(f"{SVG}rect"))) == len(live)
    assert dashed(svg) == {ref for ref, _reason in list_loose(tables)}


def test_a_whole_workshop_is_one_strand_through_eight_columns():
    assert list_strands(TINY) == [WHOLE]
    assert list_loose(TINY) == []
    assert thread_sentence(TINY) == "One thread holds."


def test_a_concept_gets_as_many_strands_as_its_longest_list():
    more = tiny(principles=[*TINY["principles"], {"id": "D2", "text": "x", "values": ["V1"]}])
    more["concepts"][0]["principles"] = ["D1", "D2"]
    assert list_strands(more) == [WHOLE, WHOLE._replace(principle="D2")]


@pytest.mark.parametrize(("missing", "strands", "loose", "sentence"), [
    ({"values": []}, [WHOLE._replace(value=None)], [], "One thread holds."),
    ({"touchpoints": []}, [WHOLE._replace(touchpoint=None)], [], "One thread holds."),
    ({"metrics": [], "cpi_kpi_links": []}, [WHOLE._replace(cpi=None, kpi=None)], [],
     "One thread reaches the concepts."),
    ({"cpi_kpi_links": []}, [WHOLE._replace(kpi=None), Strand(kpi="K1")],
     [("C1", "it is tied to no KPI yet"), ("K1", "no CPI is tied to it yet")],
     "One thread reaches the CPIs, 2 ends hang loose."),
    ({"concepts": [], "touchpoints": [], "metrics": []},
     [Strand(None, "PR1", "V1", "D1"), Strand("P3", "PR1")], [], "One thread reaches the principles."),
    ({"purposes": TINY["purposes"][:1]}, [WHOLE._replace(purpose=None, cpi=None, kpi=None),
                                          Strand(cpi="C1", kpi="K1")], [], "One thread reaches the concepts."),
], ids=["values", "touchpoints", "metrics", "CPI-KPI links", "concepts", "small purposes"])
def test_where_the_workshop_has_nothing_yet_the_strand_stops_or_passes_over(missing, strands, loose, sentence):
    tables = tiny(**missing)
    assert list_strands(tables) == strands
    assert list_loose(tables) == loose
    assert thread_sentence(tables) == sentence


@pytest.mark.parametrize(("change", "loose"), [
    (lambda t: t["concepts"][0].update(purposes=[]), ["P3", "E1"]),
    (lambda t: t["concepts"][0].update(principles=[]), ["D1", "E1"]),
    (lambda t: t["concepts"][0].update(touchpoints=[]), ["T1", "E1"]),
    (lambda t: t["principles"][0].update(values=[]), ["V1", "D1"]),
    (lambda t: t["metrics"][0].update(purpose=None), ["P3", "C1"]),
])
def test_a_broken_link_leaves_both_its_ends_loose_and_is_never_drawn(change, loose):
    tables = tiny()
    change(tables)
    assert [ref for ref, _reason in list_loose(tables)] == loose
    assert WHOLE not in list_strands(tables)
    svg = draw_thread(tables)
    assert dashed(svg) == set(loose)
    assert f"2 ends hang loose:</tspan> {', '.join(loose)}" in svg


@pytest.mark.parametrize("gone", [{"status": "rejected"}, {"status": "parked"}, {"status": "merged"},
                                  {"merged_into": "E1"}, {"archived_at": "2026-03-12T10:00:00Z"}])
def test_what_was_put_away_is_neither_counted_nor_drawn(gone):
    tables = tiny()
    tables["concepts"].append(TINY["concepts"][0] | {"id": "E2", "purposes": []} | gone)
    assert list_strands(tables) == [WHOLE]
    assert thread_sentence(tables) == "One thread holds."
    assert "E2" not in refs_in(draw_thread(tables))


def test_candidate_purposes_stand_in_only_until_one_of_their_level_is_chosen():
    candidates = [{"id": f"P{i}", "level": "small", "text": "x", "status": "candidate"} for i in (4, 5)]
    assert refs_in(draw_thread({"purposes": candidates})) == {"P4", "P5"}
    chosen = [*candidates, {"id": "P6", "level": "small", "text": "x", "status": "chosen"}]
    assert refs_in(draw_thread({"purposes": chosen})) == {"P6"}


def test_the_knot_is_the_chosen_promise_and_no_other():
    promises = [{"id": "PR1", "text": "x", "status": "candidate"}, {"id": "PR2", "text": "y", "status": "chosen"},
                {"id": "PR3", "text": "z", "status": "retired"}]
    assert list_strands(tiny(promises=promises)) == [WHOLE._replace(promise="PR2")]
    assert list_strands(tiny(promises=promises[:1])) == [WHOLE._replace(promise=None)]


def test_the_bus_sample_hangs_loose_at_one_end_only(bus):
    assert list_loose(bus) == [("K5", "no CPI is tied to it yet")]
    assert thread_sentence(bus) == "26 threads hold, one end hangs loose."
    assert not any("E10" in strand for strand in list_strands(bus))
    svg = draw_thread(bus)
    assert "K5 hangs loose:</tspan> no CPI is tied to it yet</text>" in svg
    assert ElementTree.fromstring(svg).get("aria-label") == (
        "26 threads hold, one end hangs loose. K5 hangs loose: no CPI is tied to it yet.")


def test_big_and_medium_purposes_lie_on_the_trunk_in_order():
    purposes = [{"id": "P2b", "level": "medium", "text": "m"}, {"id": "P1", "level": "big", "text": "b"},
                {"id": "P2", "level": "medium", "text": "m"}]
    tree = ElementTree.fromstring(draw_thread(tiny(purposes=purposes + TINY["purposes"][1:])))
    beads = [g for g in tree.iter(f"{SVG}g") if g.find(f"{SVG}circle") is not None and g.find(f"{SVG}text") is not None]
    assert [g.find(f"{SVG}text").text for g in beads] == ["P1", "P2b", "P2"]
    x = [float(g.find(f"{SVG}circle").get("cx")) for g in beads]
    assert all(b - a > 20 for a, b in pairwise(x))


def test_an_empty_workshop_is_a_quiet_thread_under_eight_titles():
    svg = draw_thread({})
    texts = [text.text for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]
    assert texts == list(TITLES) and len(texts) == len(COLUMNS)
    assert thread_sentence({}) == "The thread begins with a purpose."
    assert "dasharray" not in svg


def test_the_picture_grows_rather_than_lay_labels_over_each_other():
    many = tiny(concepts=[TINY["concepts"][0] | {"id": f"E{i}"} for i in range(60)])
    tree = ElementTree.fromstring(draw_thread(many))
    at = sorted(float(t.get("y")) for t in tree.iter(f"{SVG}text") if re.fullmatch(r"E\d+", t.text or ""))
    assert len(at) == 60 and min(b - a for a, b in pairwise(at)) > 10
    assert at[-1] < float(tree.get("viewBox").split()[3])
    assert ElementTree.fromstring(draw_thread(TINY)).get("viewBox") == "0 0 1180 306"


def test_two_drawings_on_one_page_share_no_gradient():
    names = [re.search(r'linearGradient id="([\w-]+)"', svg)[1]
             for svg in (draw_thread(TINY), draw_thread({}), draw_thread(TINY, colours=drawing_colours("dark")))]
    assert len(set(names)) == 3


def test_exports_get_hex_colours_and_the_screen_the_themes_variables():
    export = draw_thread(TINY, colours=drawing_colours("light"))
    assert "var(" not in export and all(colour in export for colour in INKS["light"].values())
    assert "#" not in draw_thread(TINY).replace("url(#", "")


@given(st.text())
def test_what_people_wrote_never_becomes_markup(text):
    tables = tiny(concepts=[TINY["concepts"][0] | {"name": text + "<script>alert(1)</script>"}])
    tree = ElementTree.fromstring(draw_thread(tables))
    assert {element.tag.removeprefix(SVG) for element in tree.iter()} <= {
        "svg", "defs", "linearGradient", "stop", "g", "path", "title", "rect", "circle", "text", "tspan", "mask"}
    assert any((title.text or "").endswith("<script>alert(1)</script>") for title in tree.iter(f"{SVG}title"))


def ends(tables):
    """{ref: whether it holds} of the ends, and how many dotted lines lead to them."""
    tree = ElementTree.fromstring(draw_thread(tables, ends=True))
    bare = ElementTree.fromstring(draw_thread(tables))
    circles = {group.find(f"{SVG}text").text: group.find(f"{SVG}circle").get("stroke-dasharray") is None
               for group in tree.iter(f"{SVG}g") if group.find(f"{SVG}circle") is not None
               and group.find(f"{SVG}text") is not None}  # fmt: skip
    on_trunk = {row["id"] for row in tables["purposes"] if row["level"] != "small"}
    lines = [sum(path.get("stroke-dasharray") == "1 3" for path in one.iter(f"{SVG}path")) for one in (tree, bare)]
    return {ref: held for ref, held in circles.items() if ref not in on_trunk}, lines[0] - lines[1]


def goals(**customer):
    """TINY with a goal of the company that K1 serves, and one of its customers that C1 shows and that carries it."""
    metrics = [row | ({"goal": "B1"} if row["id"] == "K1" else {}) for row in TINY["metrics"]]
    return tiny(metrics=metrics, goal_links=[{"business": "B1", "customer": "U1"}],
                goals=[{"id": "B1", "kind": "business", "text": "x"},
                       {"id": "U1", "kind": "customer", "text": "x", "cpis": ["C1"]} | customer])  # fmt: skip


def test_the_companys_strand_runs_from_the_kpi_by_the_customer_goal_to_its_own():
    assert ends(goals()) == ({"U1": True, "B1": True}, 2)


def test_a_goal_that_is_tied_to_nothing_at_one_side_is_dashed():
    assert ends(goals(cpis=[])) == ({"U1": False, "B1": True}, 2), "K1 serves B1 straight, and U1 carries it unshown"
    assert ends(goals() | {"goal_links": []}) == ({"U1": False, "B1": False}, 1)
    assert ends(goals() | {"cpi_kpi_links": []}) == ({"U1": False, "B1": True}, 2)


def missing(tables):
    return [one for one in list_loose(tables, ends=True) if one not in list_loose(tables)]


def test_an_end_that_is_dashed_is_counted_with_what_it_misses():
    whole, torn = goals(), goals(cpis=[])
    assert (missing(whole), thread_sentence(whole, ends=True)) == ([], "One thread holds.")
    assert missing(torn) == [("U1", "no CPI ties it to a KPI of our goals yet")]
    assert thread_sentence(torn, ends=True) == "One thread holds, one end hangs loose."
    assert thread_sentence(torn) == "One thread holds.", "where the ends are not drawn they are not counted"
    assert missing(goals() | {"goal_links": []}) == [("U1", "no CPI ties it to a KPI of our goals yet"),
                                                     ("B1", "no customer goal carries it yet")]  # fmt: skip
    people = [{"id": "G1", "name": "x"}, {"id": "G2", "name": "x", "archived_at": "2026-03-12T10:00:00Z"}]
    assert missing(goals() | {"segments": people}) == [("G1", "nobody said yet what they come for")]
    assert "U1 hangs loose:</tspan> no CPI ties it to a KPI of our goals yet</text>" in draw_thread(torn, ends=True)


def test_the_picture_is_heard_from_who_comes_to_what_the_company_wants_and_from_above_to_below():
    tables = goals() | {"segments": [{"id": "G1", "name": "x"}]}
    tables["concepts"] = [TINY["concepts"][0], TINY["concepts"][0] | {"id": "E2"}, {"id": "E3", "name": "alone"}]
    tree = ElementTree.fromstring(draw_thread(tables, ends=True, link=lambda ref: f"?item={ref}"))
    heard = [link.get("data-ref") for link in tree.iter(f"{SVG}a")]
    assert heard == ["G1", "P1", "P3", "PR1", "V1", "D1", "T1", "E1", "E2", "E3", "C1", "K1", "U1", "B1"]
    assert heard.index("U1") > heard.index("K1"), "not the goals before the purposes"


def test_goals_are_not_asked_for_what_the_workshop_has_not_come_to():
    early = goals() | {"metrics": [], "cpi_kpi_links": [], "goal_links": []}
    assert missing(early | {"goals": goals()["goals"][:1]}) == []


def test_forty_goals_stay_in_the_picture():
    tables = goals() | {"goals": [{"id": f"U{i}", "kind": "customer", "text": "x"} for i in range(40)]}
    tree = ElementTree.fromstring(draw_thread(tables, ends=True))
    high = float(tree.get("viewBox").split()[3])
    at = [float(circle.get("cy")) for circle in tree.iter(f"{SVG}circle")]
    assert (len(at) > 40, min(at) > 20, max(at) < high) == (True, True, True)


def crowd():
    """60 concepts, 30 purposes, 30 touchpoints, 20 principles and 20 metrics, all linked."""
    def spread(letter, i, count, among):
        return [f"{letter}{(i * 7 + j * 11) % among}" for j in range(count)]

    return {
        "purposes": [{"id": f"P{i}", "level": "small", "text": "x"} for i in range(30)],
        "promises": TINY["promises"], "values": [{"id": f"V{i}", "name": "x"} for i in range(8)],
        "principles": [{"id": f"D{i}", "text": "x", "values": spread("V", i, 2, 8)} for i in range(20)],
        "touchpoints": [{"id": f"T{i}", "name": "x"} for i in range(30)],
        "concepts": [{"id": f"E{i}", "name": "x", "purposes": spread("P", i, 2, 30),
                      "principles": spread("D", i, 3, 20), "touchpoints": spread("T", i, 2, 30)} for i in range(60)],
        "metrics": [{"id": f"C{i}", "kind": "cpi", "name": "x", "purpose": f"P{3 * i}"} for i in range(10)]
        + [{"id": f"K{i}", "kind": "kpi", "name": "x"} for i in range(10)],
        "cpi_kpi_links": [{"cpi": f"C{i}", "kpi": f"K{(i * 3 + j) % 10}"} for i in range(10) for j in range(2)],
    }


def test_sixty_concepts_make_no_thicker_bundle_than_a_few_and_every_label_has_room():
    svg = ElementTree.fromstring(draw_thread(crowd()))
    beads = [group for group in svg.iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]
    lying = sorted((float(bead.find(f"{SVG}rect").get("x")), float(bead.find(f"{SVG}rect").get("y"))) for bead in beads)
    apart = [below[1] - above[1] for above, below in pairwise(lying) if above[0] == below[0]]
    assert min(apart) >= 15
    assert max(float(bead.find(f"{SVG}rect").get("height")) for bead in beads) < 200


def test_where_beads_are_crowded_a_label_stands_nearest_to_its_own():
    svg = ElementTree.fromstring(draw_thread(crowd()))
    beads = [group for group in svg.iter(f"{SVG}g") if group.find(f"{SVG}rect") is not None]
    middle = {bead.find(f"{SVG}text").text: float(bead.find(f"{SVG}rect").get("y"))
              + float(bead.find(f"{SVG}rect").get("height")) / 2 for bead in beads}  # fmt: skip
    said = {bead.find(f"{SVG}text").text: float(bead.find(f"{SVG}text").get("y")) - 3.8 for bead in beads}
    concepts = [ref for ref in middle if ref.startswith("E")]
    assert all(min(concepts, key=lambda one: abs(middle[one] - said[ref])) == ref for ref in concepts)
    assert all(said[ref] < middle[ref] - 5 for ref in middle if ref.startswith("V")), "above, where there is room"


def test_a_loose_end_reaches_for_the_column_beside_and_never_touches_it(bus):
    for width in (960, 1180):
        svg = draw_thread(bus, width=width, ends=True)
        [tail] = re.findall(r'd="M([\d.]+) [\d.]+q(-[\d.]+) \S+ (-[\d.]+) \S+t(-[\d.]+) [^"]*" fill="none"', svg)
        ends_at = float(tail[0]) + float(tail[2]) + float(tail[3])
        column = {rect.get("x") for rect in ElementTree.fromstring(svg).iter(f"{SVG}rect")}
        cpis = sorted(map(float, column))[-2] + 3.5
        assert ends_at - cpis > 30, "K5 seems to hang on the CPI beside it"


def test_a_thread_in_parts_loses_no_link_and_tears_none(bus):
    ties, named = set(), set()
    for purpose, part in list_parts(bus):
        assert set(list_loose(part, ends=True)) <= set(list_loose(bus, ends=True))
        assert {row["id"] for row in part["purposes"] if row["level"] == "small"} == {purpose["id"]}
        ties |= links(part)
        named |= refs_in(draw_thread(part, ends=True))
    assert ties == links(bus)
    loose = {ref for ref, _why in list_loose(bus, ends=True)}
    assert refs_in(draw_thread(bus, ends=True)) - named <= loose


def test_every_strand_is_drawn_and_the_gradient_seen_through_it(bus):
    for tables in (bus, crowd()):
        svg = ElementTree.fromstring(draw_thread(tables))
        [mask] = svg.iter(f"{SVG}mask")
        assert len(list(mask.iter(f"{SVG}path"))) == len(list_strands(tables))
        assert svg.find(f"{SVG}path").get("mask") == f"url(#{mask.get('id')})"
        assert not [path for path in mask.iter(f"{SVG}path") if path.get("stroke")], "each in the gradient's colour"
