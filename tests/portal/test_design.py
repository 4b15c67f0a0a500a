"""The look: contrast, one place for colours, no inline anything, every part renders."""

import math
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.utils import translation
from django.utils.functional import Promise

from portal import charts, gallery, highlight, states
from portal.templatetags import parts

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = sorted(
    path for app in ("portal", "notifier", "datalake") for path in (ROOT / app).rglob("*.html")
)
PARTS = sorted((ROOT / "portal/templates/parts").glob("*.html"))
SHEET = (ROOT / "portal/static/site.css").read_text()
COLOUR = re.compile(r"oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)")
NOW = datetime(2026, 5, 4, 12, 0, tzinfo=UTC)

Rgb = tuple[float, float, float]


def linear_rgb(lightness: float, chroma: float, hue: float) -> Rgb:
    """Return linear sRGB of an OKLCH colour (Ottosson's matrices)."""
    a = chroma * math.cos(math.radians(hue))
    b = chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def tokens() -> dict[str, tuple[Rgb, Rgb]]:
    """Return each colour token of site.css as linear sRGB, light and dark."""
    found = {}
    for name, value in re.findall(r"--([\w-]+): light-dark\((oklch.*?\), oklch.*?\))\)", SHEET):
        light, dark = (
            linear_rgb(float(lightness) / 100, float(chroma), float(hue))
            for lightness, chroma, hue in COLOUR.findall(value)
        )
        found[name] = (light, dark)
    return found


def contrast(one: Rgb, other: Rgb) -> float:
    """Return the WCAG ratio of two colours."""
    high, low = sorted(
        (
            sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), rgb, strict=True))
            for rgb in (one, other)
        ),
        reverse=True,
    )
    return (high + 0.05) / (low + 0.05)


def layer(name: str) -> str:
    """Return the text of one layer of site.css."""
    start = SHEET.index(f"@layer {name} {{")
    depth = 0
    for place in range(start, len(SHEET)):
        depth += {"{": 1, "}": -1}.get(SHEET[place], 0)
        if depth == 0 and SHEET[place] == "}":
            return SHEET[start:place]
    raise AssertionError(name)


def part(name: str, **context: Any) -> str:
    """Return one part as HTML without needless space."""
    request = RequestFactory().get("/list/?outcome=failed&cursor=abc")
    return " ".join(render_to_string(f"parts/{name}.html", context, request).split())


@pytest.mark.parametrize("theme", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("ground", ["bg", "surface"])
@pytest.mark.parametrize(
    ("name", "least"),
    [
        *((name, 4.5) for name in ("text", "muted", "accent", "ok", "warn", "bad")),
        ("control", 3.0),
    ],
)
def test_colours_stand_out_from_what_is_behind_them(
    name: str, least: float, ground: str, theme: int
) -> None:
    colours = tokens()
    assert contrast(colours[name][theme], colours[ground][theme]) >= least


@pytest.mark.parametrize("name", ["bg", "surface", "text", "accent", "ok", "warn", "bad"])
def test_colours_can_be_shown_by_every_screen(name: str) -> None:
    assert all(-0.001 <= channel <= 1.001 for rgb in tokens()[name] for channel in rgb)


def test_colours_are_named_in_one_place() -> None:
    rest = re.sub(r"/\*.*?\*/", "", SHEET.replace(layer("tokens"), ""), flags=re.DOTALL)
    raw = re.findall(
        r"#[0-9a-fA-F]{3,8}\b(?=[;\s,)])|\b(?:rgba?|hsla?|oklch|oklab|color-mix)\(|:\s*(?:white|black|red)\b",
        rest,
    )
    assert raw == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_template_has_nothing_inline(path: Path) -> None:
    text = path.read_text()
    inline = re.findall(
        r"\sstyle\s*=|\son[a-z]+\s*=\s*[\"']|<style|hx-on|javascript:|<script(?![^>]*\ssrc=)(?![^>]*application/json)",
        text,
    )
    assert inline == []


@pytest.mark.parametrize("path", PARTS, ids=lambda path: path.stem)
def test_a_part_says_what_it_needs(path: Path) -> None:
    assert re.match(r"\{# .+ #\}\n", path.read_text())


@pytest.mark.django_db
def test_the_design_page_shows_every_part(admin: Client) -> None:
    used: set[str] = set()
    collect(ROOT / "portal/templates/design.html", used)
    # The frame draws these; error pages and base.html have their own tests.
    frame = {"menu", "foot", "brand", "keys", "shapes", "preferences", "problem", "page_head"}
    assert {path.stem for path in PARTS} - used - frame == {"errors", "field", "field_help", "form"}
    assert admin.get("/design/").status_code == 200


def collect(path: Path, used: set[str]) -> None:
    """Add the names of all parts that a template includes, directly or through others."""
    for name in re.findall(r'"parts/(\w+)\.html"', path.read_text()):
        if name not in used:
            used.add(name)
            collect(ROOT / f"portal/templates/parts/{name}.html", used)


@pytest.fixture
def admin(django_user_model: Any) -> Client:
    client = Client()
    client.force_login(
        django_user_model.objects.create_user("ada@example.com", "long enough 12", role="admin")
    )
    return client


@pytest.fixture
def viewer(django_user_model: Any) -> Client:
    client = Client()
    client.force_login(django_user_model.objects.create_user("vic@example.com", "long enough 12"))
    return client


@pytest.mark.django_db
def test_the_design_page_is_for_administrators(viewer: Client) -> None:
    assert viewer.get("/design/").status_code == 403


@pytest.mark.parametrize("look", [*states.LOOKS.values(), *states.TONES.values()])
def test_the_word_of_a_state_can_be_translated(look: states.Look) -> None:
    assert isinstance(look.word, Promise)


@pytest.mark.parametrize("look", {*states.LOOKS.values(), *states.TONES.values()})
def test_the_shape_of_a_state_is_drawn(look: states.Look) -> None:
    assert f'id="shape-{look.shape}"' in part("shapes")


def test_a_state_is_word_and_shape_and_colour() -> None:
    html = part("status", state="failed")
    assert (
        html == '<span class="status tone-bad"> <svg class="shape" aria-hidden="true">'
        '<use href="#shape-cross"/></svg> Failed</span>'
    )


def test_a_state_that_nobody_knows_keeps_its_own_name() -> None:
    assert "paused-by-robot" in part("status", state="paused-by-robot")


def test_states_with_one_colour_differ_in_shape_or_word() -> None:
    faces = [(str(look.word), look.tone, look.shape) for look in states.LOOKS.values()]
    assert len(set(faces)) == len(faces)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(5, "5 s ago"), (125, "2 min ago"), (7300, "2 h ago"), (-300, "in 5 min")],
)
def test_a_time_is_relative_within_a_day(seconds: int, words: str) -> None:
    with translation.override("en"):
        assert parts.ago(NOW - timedelta(seconds=seconds), NOW) == words


def test_a_time_beyond_a_day_is_a_date() -> None:
    with translation.override("en"):
        assert parts.ago(NOW - timedelta(days=3), NOW) == "2026-05-01 12:00"


def test_the_absolute_time_is_behind_the_relative_one() -> None:
    html = part("time", at=NOW)
    assert 'datetime="2026-05-04T12:00:00Z" title="2026-05-04 12:00:00 UTC"' in html


def test_errors_are_said_on_top_and_at_the_field() -> None:
    html = str(gallery.WrongExample({"branches": "main"}))
    assert html.count("This field is required.") == 8
    assert '<a href="#id_name">' in html


def test_the_error_summary_takes_the_focus() -> None:
    html = str(gallery.Example({}))
    assert 'role="alert" tabindex="-1" autofocus' in html


def test_a_wrong_field_points_to_its_words() -> None:
    class Small(forms.Form):
        name = forms.CharField(help_text="As on the badge.")

    html = str(Small({}))
    described = re.search(r'aria-describedby="([^"]+)"', html)
    assert described
    assert all(f'id="{name}"' in html for name in described[1].split())


def test_a_chip_takes_only_its_own_filter_away() -> None:
    request = RequestFactory().get("/list/?outcome=failed&repository=acme&cursor=x")
    html = render_to_string(
        "parts/chips.html", {"form": gallery.ExampleFilter(request.GET)}, request
    )
    assert re.findall(r'class="chip" href="([^"]*)"', html) == [
        "?repository=acme",
        "?outcome=failed",
    ]


def test_a_chip_shows_the_words_of_the_choice() -> None:
    request = RequestFactory().get("/list/?outcome=failed")
    html = render_to_string(
        "parts/chips.html", {"form": gallery.ExampleFilter(request.GET)}, request
    )
    assert "<b>Failed</b>" in html


def test_the_pager_keeps_the_filters() -> None:
    assert 'href="?outcome=failed&amp;cursor=next"' in part("pager", next="next")


def test_a_sorted_column_says_so() -> None:
    assert 'aria-sort="descending"' in part("th", label="Time", key="at", sort="-at")


def test_bars_fit_their_drawing() -> None:
    assert charts.bars([1, 0, 4]) == charts.Bars(
        width=11,
        height=24,
        bars=(
            charts.Bar(0, 18.0, 6.0, 1),
            charts.Bar(4, 23.5, 0.5, 0),
            charts.Bar(8, 0.0, 24.0, 4),
        ),
    )


def test_no_values_make_no_bars() -> None:
    assert charts.bars([]).bars == ()


def test_code_is_escaped() -> None:
    assert "<script" not in highlight.highlighted('{"a": "<script>"}', "json")


def test_code_that_is_too_large_stays_plain() -> None:
    large = "[" + "1," * highlight.LONGEST_LINE + "<b>]"
    assert highlight.highlighted(large, "json").endswith("&lt;b&gt;]")


@pytest.mark.django_db
def test_a_theme_is_kept_in_a_cookie() -> None:
    client = Client()
    client.post("/theme/", {"theme": "dark", "next": "/accounts/login/"})
    assert '<html lang="en" data-theme="dark">' in client.get("/accounts/login/").text


@pytest.mark.django_db
def test_the_system_theme_takes_the_cookie_away() -> None:
    client = Client()
    client.cookies["theme"] = "dark"
    client.post("/theme/", {"theme": ""})
    assert client.cookies["theme"].value == ""


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:1", ""])
def test_a_theme_never_leads_elsewhere(target: str) -> None:
    assert Client().post("/theme/", {"theme": "dark", "next": target}).headers["Location"] == "/"


@pytest.mark.django_db
def test_a_made_up_theme_is_not_written_into_the_page() -> None:
    client = Client()
    client.cookies["theme"] = '"><b>'
    assert "data-theme=" not in client.get("/accounts/login/").text.partition("<head>")[0]


@pytest.mark.django_db
def test_the_menu_marks_where_one_is(admin: Client) -> None:
    html = admin.get("/accounts/password/change/").text
    assert 'href="/accounts/password/change/" aria-current="page"' in html


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "429", "500"])
def test_an_error_page_needs_no_context(name: str) -> None:
    html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert "site.css" in html


@pytest.mark.django_db
def test_a_missing_page_looks_like_the_others(viewer: Client) -> None:
    answer = viewer.get("/no/such/page/")
    assert answer.status_code == 404
    assert "This page does not exist" in answer.text
