"""The ranking's chart, read from its Vega-Lite specification."""
import re
import tomllib
from pathlib import Path

import pytest

from workshop import palette
from workshop.certainty_charts import impact_and_effort, rank_heatmap
from workshop.charts import cut, ranked_dots, ruler, whole

HOUSE = Path(__file__).parents[1]


def row(ref="E1", name="Truth board", rank=1, score=33.4, customer=33.0, business=34.0, **more):
    return {"ref": ref, "name": name, "rank": rank, "score": score, "customer_score": customer,
            "business_score": business} | more


ROWS = [row(), row("E2", "Home anyway", 2, 28.0, 33.0, 21.0), row("E3", "Late letter", 3, -4.6, -9.0, 2.0)]


def layers(chart, mark):
    """(encoding, rows) of every layer with that mark; a layer may keep to some rows of its table."""
    spec = chart
    found = []
    for layer in spec["layer"]:
        if layer["mark"]["type"] == mark:
            rows = spec["datasets"][layer["data"]["name"]]
            for step in layer.get("transform", ()):
                kind = re.fullmatch(r"\(datum.kind === '(.*)'\)", step["filter"])[1]
                rows = [r for r in rows if r["kind"] == kind]
            place = layer["encoding"]["x"].get("field")
            # Vega leaves out what has no place
            found.append((layer["encoding"], [r for r in rows if not place or r[place] is not None]))
    return found


def written(chart):
    """Every word that stands in the chart."""
    return [r[encoding["text"]["field"]] for encoding, rows in layers(chart, "text") for r in rows]


def dots(chart):
    """The dots' x of every series, without those that stand nowhere."""
    return [[r[encoding["x"]["field"]] for r in rows] for encoding, rows in layers(chart, "circle")]


def test_writes_place_ref_name_and_whole_scores_best_first():
    words = written(ranked_dots(ROWS[::-1]))
    for column in (["1", "2", "3"], ["E1", "E2", "E3"], ["Truth board", "Home anyway", "Late letter"],
                   ["33", "28", "−5"]):
        assert any(words[i:i + 3] == column for i in range(len(words))), column
    assert "33.4" not in words


def test_a_loss_stands_left_of_zero_and_a_gain_right_of_it():
    score, customer, business = dots(ranked_dots(ROWS))
    zero = next(r["x"] for _encoding, rows in layers(ranked_dots(ROWS), "text") for r in rows if r.get("text") == "0")
    assert score[2] < zero < score[1] < score[0]
    assert customer[2] < customer[1] == customer[0]
    assert business[2] < business[1] < business[0]


def test_every_dot_of_a_part_stays_in_its_own_column():
    extreme = [row(score=100.0, customer=100.0, business=-100.0), row("E2", "B", 2, -100.0, -100.0, 100.0)]
    score, customer, business = dots(ranked_dots(extreme))
    assert max(score) < min(customer) and max(customer) < min(business) and max(business) < 1000
    assert min(score) > 400


@pytest.mark.parametrize("rows", [
    ROWS[:1],
    [row(f"E{i}", f"Concept {i}", 1, 20.0, 20.0, 20.0) for i in range(5)],
    [row(score=0.0, customer=0.0, business=0.0)],
    [row(f"E{i}", "x " * 60, i + 1, 90.0 - 3 * i, 50.0 - i, None) for i in range(60)],
], ids=["one", "all equal", "all zero", "sixty"])
def test_any_number_of_concepts_stays_on_the_ruler_with_its_zero_line(rows):
    chart = ranked_dots(rows)
    assert len(dots(chart)[0]) == len(rows)
    assert all(400 <= x <= 930 for x in dots(chart)[0])
    assert "0" in written(chart)


def test_equal_ranks_show_their_place_once():
    words = written(ranked_dots([row(), row("E2", "B", 1), row("E3", "C", 3)]))
    assert words[words.index("1"):][:3] == ["1", "", "3"]


def test_what_nobody_rated_stands_last_without_a_dot():
    chart = ranked_dots([row("E9", "Unrated", None, None, None, None), *ROWS])
    words = written(chart)
    assert words[words.index("E1"):][:4] == ["E1", "E2", "E3", "E9"]
    assert [len(series) for series in dots(chart)] == [3, 3, 3]
    assert "Unrated, not rated" in chart["description"]


def test_without_business_metrics_their_column_is_not_drawn():
    chart = ranked_dots([row(business=None), row("E2", "B", 2, 5.0, 4.0, None)])
    assert len(dots(chart)) == 2
    assert "For customers" in written(chart) and "For the business" not in written(chart)


def test_certainty_is_drawn_only_where_it_is_known():
    bare = ranked_dots(ROWS)
    sure = ranked_dots([row(lo=26.0, hi=41.0, tier=1), row("E2", "B", 2, 28.0, 33.0, 21.0, lo=19.0, hi=38.0, tier=1)])
    def intervals(chart):
        return [len(rows) for encoding, rows in layers(chart, "rule") if encoding["x"].get("field") == "lo_at"]

    assert (intervals(bare), intervals(sure)) == ([0], [2])
    bands = [[len(rows) for encoding, rows in layers(chart, "rect") if "tooltip" not in encoding]
             for chart in (bare, sure)]
    assert bands == [[], [1]]


def test_a_long_name_is_cut_at_a_word_and_whole_on_pointing_at_it():
    name = "A very long name of a concept that somebody typed in the heat of the moment and nobody has shortened since"
    chart = ranked_dots([row(name=name)])
    assert name not in written(chart)
    assert cut(name, 34) in written(chart) and cut(name, 34) == "A very long name of a concept…"
    tips = next(rows for encoding, rows in layers(chart, "rect") if "tooltip" in encoding)
    assert tips[0]["name"] == name
    assert cut("W" * 40, 34) == "W" * 33 + "…" and cut("Short", 34) == "Short"


def test_the_description_reads_the_order_aloud_in_the_words_it_is_given():
    chart = ranked_dots(ROWS[:2], words={"about": "Reihenfolge: {rows}", "row": "{place}. {name} ({score})"})
    assert chart["description"] == "Reihenfolge: 1. Truth board (33); 2. Home anyway (28)"


@pytest.mark.parametrize("mode", palette.MODES)
def test_every_colour_is_one_of_the_modes_own(mode):
    own = {*palette.INKS[mode].values(), *palette.GROUNDS[mode].values()}
    spec = ranked_dots(ROWS, mode=mode)
    marks = {layer["mark"]["color"] for layer in spec["layer"] if "color" in layer["mark"]}
    guides = {r["colour"] for rows in spec["datasets"].values() for r in rows if "colour" in r}
    assert marks and guides and marks | guides <= own


@pytest.mark.parametrize(("values", "ticks"), [
    ([], [-10, -5, 0, 5, 10]), ([0, 0], [-10, -5, 0, 5, 10]), ([33], [0, 10, 20, 30]),
    ([-100, 100], [-100, -50, 0, 50, 100]),
    ([None, float("nan"), -8], [-8, -6, -4, -2, 0]),
])
def test_the_ruler_holds_zero_and_all_values(values, ticks):
    low, high, drawn = ruler(values)
    assert drawn == ticks
    assert all(low < v < high for v in [0, *(v for v in values if v == v and v is not None)])


@pytest.mark.parametrize(("value", "said"), [(33.4, "33"), (-4.6, "−5"), (-.2, "0"), (None, "–"), (100.0, "100")])
def test_numbers_are_whole_with_a_true_minus(value, said):
    assert whole(value) == said


# ---------------------------------------------------------------- how sure

SURE = [row(effort=11, front_of_100=75, lo=28.0, hi=40.0), row("E2", "Home anyway", 1, 28.0, effort=9, front_of_100=62),
        row("E3", "Late letter", 3, 12.0, effort=10, front_of_100=2), row("E4", "Unknown", 4, 50.0, effort=None),
        row("E5", "Cheap", 5, 5.0, effort=9, front_of_100=0)]  # fmt: skip


def test_on_the_front_is_what_nothing_of_less_effort_beats():
    chart = impact_and_effort(SURE)
    rows = {one["name"]: one for one in chart["datasets"]["rows"]}
    assert {name: one["front"] for name, one in rows.items()} == {
        "Truth board": True, "Home anyway": True, "Late letter": False, "Cheap": False
    }  # fmt: skip
    assert [step["effort"] for step in chart["datasets"]["front"]] == [9, 11]
    assert (rows["Home anyway"]["lo"], rows["Home anyway"]["hi"]) == (28.0, 28.0), "no interval, no cross"
    assert "Truth board, score 33, effort 11, on the front in 75 of 100" in chart["description"]
    assert rows["Late letter"]["label"] == "E3", "behind the front the ref is enough"


def test_a_heatmap_writes_its_counts_into_the_cells():
    chart = rank_heatmap(SURE[:2], [[80, 20], [20, 80]])
    cells = [(one["name"], one["place"], one["said"]) for one in chart["datasets"]["cells"]]
    assert cells[:2] == [("E1  Truth board", 1, "80"), ("E1  Truth board", 2, "20")]
    assert chart["description"].endswith("Truth board, first 80; Home anyway, first 20.")


def test_places_stand_once_for_those_that_are_too_close_to_call():
    rows = [row(tier=1), row("E2", "B", 1, 28.0, tier=1), row("E3", "C", 3, 20.0, tier=2)]
    words = written(ranked_dots(rows))
    assert words[words.index("1"):][:3] == ["1", "", "3"]


# ---------------------------------------------------------------- the palette, repeated in two other places

@pytest.mark.parametrize("mode", palette.MODES)
def test_the_theme_repeats_the_palette(mode):
    theme = tomllib.loads((HOUSE / ".streamlit/config.toml").read_text())["theme"][mode]
    expected = {"backgroundColor": "ground", "secondaryBackgroundColor": "surface", "textColor": "text",
                "borderColor": "line"}
    assert {key: theme[key] for key in expected} == {k: palette.ground(v, mode) for k, v in expected.items()}
    assert theme["primaryColor"] == palette.ink("promise", mode)
    assert theme["sidebar"]["backgroundColor"] == palette.ground("sidebar", mode)
    assert theme["chartCategoricalColors"] == [palette.ink(noun, mode) for noun in palette.NOUNS]
    for noun in set(palette.NOUNS) - {"promise"}:
        slot = palette.slot(noun)
        assert (theme[f"{slot}Color"], theme[f"{slot}TextColor"], theme[f"{slot}BackgroundColor"]) == (
            palette.ink(noun, mode), palette.ink(noun, mode), palette.tint(noun, mode))


@pytest.mark.parametrize(("ref", "noun"), [("P3", "purpose"), ("P2b", "purpose"), ("PR1", "promise"), ("V1", "value"),
                                           ("D0", "principle"), ("T8", "touchpoint"), ("E11", "concept"),
                                           ("C5", "cpi"), ("K1", "kpi")])
def test_a_refs_letters_say_its_noun(ref, noun):
    assert palette.noun(ref) == noun


@pytest.mark.parametrize("ref", ["", "7", "H1", "RV1", "p3"])
def test_another_ref_has_no_noun(ref):
    with pytest.raises(ValueError, match="names none of"):
        palette.noun(ref)
