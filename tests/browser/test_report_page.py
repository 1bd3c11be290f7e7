"""The report in a real browser: it asks for nothing, breaks no rule of its policy, and does what it says."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.report.render import render
from tests.browser.chrome import Page, chromium, require
from tests.pipeline.report.synthetic import EXIT, make_case

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.browser
HERE = Path(__file__).parent

SECTIONS = ("summary", "attribution", "graph", "timeline", "map", "events", "custody", "method")
PICK_TYPE = (
    "(type => { const s = document.getElementById('f-type'); s.value = type; s.dispatchEvent(new Event('change')); })"
)
WEIGHTS = [{"kind": "network: fixed_isp", "unrelated": 2.5, "source": "fit"}]


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "hostile"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    require()
    folder = tmp_path_factory.mktemp("report")
    case, store = make_case(folder / "case", hostile=request.param)
    report = folder / "report.html"
    report.write_bytes(render(case, store, WEIGHTS))
    with chromium() as opened:
        opened.size(1400, 900)
        opened.open(report)
        visit_everything(opened)
        yield opened


def visit_everything(page: Page) -> None:
    """Bring every section into view, so that everything that draws late has drawn."""
    page.value("document.documentElement.style.scrollBehavior = 'auto'")
    for name in SECTIONS:
        page.value(f"document.getElementById('{name}').scrollIntoView()")
    page.value("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    page.value("window.dispatchEvent(new Event('beforeprint'))")
    page.wait("document.querySelectorAll('#map .main-svg').length > 0 && document.querySelector('#cy canvas')")
    page.wait("document.querySelectorAll('.waterfall .main-svg').length > 0")


@pytest.fixture(autouse=True)
def drawer_closed(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "page" in request.fixturenames:
        request.getfixturevalue("page").press("Escape")


def open_event(page: Page, at: int = 0) -> None:
    page.value("document.querySelector('#events .v-box').scrollTop = 0")
    page.value(f"document.querySelectorAll('#events .v-row')[{at}].click()")
    page.wait("!document.getElementById('drawer').hidden")
    page.wait("!/^Reading/.test(document.querySelector('#drawer .bytes').textContent)")


def test_the_page_asks_for_nothing_but_itself(page: Page) -> None:
    assert [url for url in page.requests() if not url.endswith("/report.html")] == []
    assert len(page.requests()) == 1


def test_the_page_breaks_no_rule_of_its_policy(page: Page) -> None:
    assert page.violations() == []


def test_the_page_logs_no_error_and_no_warning(page: Page) -> None:
    assert page.problems() == []


def test_nothing_of_the_evidence_ran(page: Page) -> None:
    assert page.value("typeof window.__pwn") == "undefined"


def test_no_link_leaves_the_page_and_no_element_came_from_evidence(page: Page) -> None:
    links = "[...document.querySelectorAll('a')].map(a => a.getAttribute('href') || a.getAttribute('xlink:href') || '')"
    assert [link for link in page.value(links) if not link.startswith("#")] == []
    assert page.value("document.querySelectorAll('#app img, #app iframe, #app b, #drawer img').length") == 0


def test_no_chart_offers_to_share_or_carries_a_logo(page: Page) -> None:
    titles = page.value("[...document.querySelectorAll('.modebar-btn')].map(b => b.getAttribute('data-title') || '')")
    assert titles
    assert [title for title in titles if any(word in title for word in ("Share", "Cloud", "Plotly", "Edit"))] == []


def test_hidden_characters_are_nowhere_on_the_page(page: Page) -> None:
    open_event(page)
    found = page.value(
        r"(document.body.innerText.match(/[\u0000-\u0008\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]/g) || []).length"
    )
    assert found == 0


def test_the_summary_answers_with_number_band_and_weakest_alternative(page: Page) -> None:
    text = page.value("document.querySelector('.group-card').innerText")
    for words in (
        "+2.8",
        "moderately strong support",
        "forum:grey_tern",
        "web:tern.grey",
        "Weakest against: another person who uses the same device",
    ):
        assert words in text
    assert "authority pending" in page.value("document.querySelector('#summary .callout.alarm').innerText")


def test_a_click_on_an_event_opens_its_bytes_exhibit_and_trust(page: Page) -> None:
    open_event(page)
    text = page.value("document.getElementById('drawer').innerText")
    assert "203.0.113.57 - - line 0" in page.value("document.querySelector('#drawer .bytes').textContent")
    for words in ("SHA-256", "line 1", "server_log/web_combined version 1", "As written"):
        assert words in text


def test_the_bytes_can_be_read_as_hex(page: Page) -> None:
    open_event(page)
    page.value("document.querySelector('#drawer .choice[data-value=hex]').click()")
    assert page.value("document.querySelector('#drawer .bytes').textContent").startswith(
        "00000000  32 30 33 2e 30 2e 31"
    )


def test_long_records_say_how_many_bytes_are_not_shown(page: Page) -> None:
    open_event(page, 3)
    assert "more bytes of this record are in the exhibit" in page.value("document.getElementById('drawer').innerText")


def test_escape_closes_the_drawer_and_gives_the_focus_back(page: Page) -> None:
    page.value("document.querySelector('.group-card .chips .ref').focus()")
    page.value("document.activeElement.click()")
    page.wait("!document.getElementById('drawer').hidden")
    page.press("Escape")
    assert page.value("document.getElementById('drawer').hidden")
    assert page.value("document.activeElement.closest('.chips') !== null")


def test_tab_stays_inside_the_open_drawer(page: Page) -> None:
    open_event(page)
    for _ in range(30):
        page.press("Tab")
        assert page.value("document.getElementById('drawer').contains(document.activeElement)")


def test_a_finding_leads_to_its_records(page: Page) -> None:
    page.value("document.querySelector('.group-card .ties .ref').click()")
    page.wait("document.querySelectorAll('#drawer .refs .ref').length > 0")
    assert "gone" in page.value("document.getElementById('drawer').innerText")
    page.value("document.querySelector('#drawer .refs .ref').click()")
    page.wait("document.querySelector('#drawer .bytes')")
    assert "Back" in page.value("document.querySelector('#drawer header').innerText")


CARD = "document.querySelector('#attribution details.card')"


def test_a_link_says_when_one_finding_decides_and_what_was_not_found(page: Page) -> None:
    assert "single-point dependent" in page.value(f"{CARD}.querySelector('summary').innerText")
    text = page.value(f"{CARD}.innerText")
    for words in (
        "Single-point dependent. Without this one finding the words would drop by two bands",
        "Tested in 12 ways: the number lies between \N{MINUS SIGN}0.2 and +3.3",
        "Looked for and not found",
        "none in 96 hours in which both accounts were in use",
        "Web export has no device ids",
        "Structure of the collected data, not proof of contact.",
    ):
        assert words in text


def test_a_link_shows_its_steps_what_it_rests_on_and_how_far_it_moves(page: Page) -> None:
    assert page.value(f"{CARD}.querySelectorAll('.waterfall .main-svg').length > 5")
    drawn = page.value(f"[...{CARD}.querySelectorAll('.waterfall svg text')].map(t => t.textContent).join('|')")
    for words in ("82 records are 2 findings", "moderately strong", "without one exhibit", "family: device", "= rep"):
        assert words in drawn


def test_the_steps_can_be_read_against_each_alternative(page: Page) -> None:
    page.value(f"{CARD}.querySelector('.waterfall .choice[data-value=device]').click()")
    page.wait(f"{CARD}.querySelector('.waterfall').textContent.includes('= against same device')")
    page.value(f"{CARD}.querySelector('.waterfall .choice[data-value=all]').click()")
    page.wait(f"{CARD}.querySelector('.waterfall').textContent.includes('= reported')")


def test_the_tests_of_a_number_can_be_read_as_a_table(page: Page) -> None:
    rows = page.value(f"[...{CARD}.querySelectorAll('.all-tests tbody tr')].map(r => r.innerText)")
    assert len(rows) == 12
    assert [row for row in rows if "without exhibit E1" in row and "\N{MINUS SIGN}0.20" in row and "no" in row]


def test_a_path_opens_its_edges(page: Page) -> None:
    page.value(f"{CARD}.querySelector('.paths [data-ref=edge]').click()")
    page.wait("!document.getElementById('drawer').hidden")
    assert "Observed on" in page.value("document.querySelector('#drawer h2').innerText").capitalize()


def shown(page: Page) -> str:
    return str(page.value("document.getElementById('events-count').textContent"))


def test_search_and_filters_narrow_the_table(page: Page) -> None:
    assert shown(page).startswith("60 events shown")
    page.value(
        "(s => { s.value = 'number 7'; s.dispatchEvent(new Event('input')); })(document.getElementById('f-text'))"
    )
    page.wait("document.getElementById('events-count').textContent.startsWith('1 event ')")
    page.value("[...document.querySelectorAll('#events .plain-button')].find(b => b.textContent === 'Clear').click()")
    page.value(
        "(s => { s.value = 'message'; s.dispatchEvent(new Event('change')); })(document.getElementById('f-type'))"
    )
    assert shown(page).startswith("20 events shown")
    page.value("[...document.querySelectorAll('#events .plain-button')].find(b => b.textContent === 'Clear').click()")
    assert shown(page).startswith("60 events shown")


def zoom(page: Page, change: str) -> None:
    page.value(f"Plotly.relayout(document.querySelector('#timeline .js-plotly-plot'), {change}).then(() => 0)")


def test_a_brush_over_days_narrows_the_table_and_a_reset_widens_it(page: Page) -> None:
    zoom(page, "{'xaxis.range[0]': '2026-03-01 13:00', 'xaxis.range[1]': '2026-03-02 11:00'}")
    page.wait("document.getElementById('brush').textContent === 'Kept: 2026-03-02 to 2026-03-02.'")
    assert shown(page).startswith("4 events shown")
    zoom(page, "{'xaxis.autorange': true}")
    page.wait("document.getElementById('brush').textContent === ''")
    assert shown(page).startswith("60 events shown")


def test_times_follow_the_chosen_zone(page: Page) -> None:
    first = "document.querySelector('#events .v-row .c-time').textContent"
    page.value("document.querySelector('#events .v-box').scrollTop = 1e6")
    page.wait("document.querySelectorAll('#events .v-row').length > 0")
    page.value("document.querySelector('#zone [data-value=case]').click()")
    assert "times in Europe/Dublin" in shown(page)
    page.value("document.querySelector('#zone [data-value=utc]').click()")
    assert page.value(first) == "2026-03-01 10:00:00"


def test_the_graph_has_nodes_and_a_table_twin(page: Page) -> None:
    assert "of 7 elements" in page.value("document.getElementById('graph-note').textContent")
    assert page.value("document.querySelectorAll('#graph .twin tbody tr').length") == 6
    assert "203.0.113.57" in page.value("document.querySelector('#graph .twin').innerText")


def test_finding_an_element_brings_it_into_the_graph_and_opens_it(page: Page) -> None:
    page.value(f"document.getElementById('g-search').value = '{EXIT}'")
    enter = "new KeyboardEvent('keydown', { key: 'Enter' })"
    page.value(f"document.getElementById('g-search').dispatchEvent({enter})")
    page.wait("!document.getElementById('drawer').hidden")
    assert f"Address {EXIT}" in page.value("document.getElementById('drawer-title').textContent")
    page.press("Escape")
    button = "[...document.querySelectorAll('#picked button')].find(b => b.textContent === 'Show neighbours')"
    page.value(f"{button}.click()")
    assert "7 of 7 elements" in page.value("document.getElementById('graph-note').textContent")


def test_every_control_has_a_name_and_every_image_a_description(page: Page) -> None:
    unnamed = page.value(
        "[...document.querySelectorAll('button, input, select')].filter(n => n.offsetParent && !n.textContent.trim()"
        " && !n.getAttribute('aria-label') && !n.labels?.length).map(n => n.outerHTML.slice(0, 120))"
    )
    assert unnamed == []
    assert page.value("[...document.querySelectorAll('[role=img]')].every(n => n.getAttribute('aria-label'))")


def test_text_has_enough_contrast(page: Page) -> None:
    assert page.value((HERE / "contrast.js").read_text("utf-8")) == []


def test_the_page_fits_a_window_at_twice_the_size(page: Page) -> None:
    page.size(700, 450)
    try:
        page.wait("document.documentElement.scrollWidth <= 700")
    finally:
        page.size(1400, 900)


def test_charts_can_be_seen_in_any_order(tmp_path: Path) -> None:
    require()
    case, store = make_case(tmp_path / "case")
    report = tmp_path / "report.html"
    report.write_bytes(render(case, store))
    with chromium() as opened:
        opened.size(1400, 300)
        opened.open(report)
        opened.value("document.documentElement.style.scrollBehavior = 'auto'")
        for at in (2, 1, 0):
            opened.value(f"document.querySelectorAll('#timeline .chart')[{at}].scrollIntoView({{ block: 'end' }})")
            opened.wait(f"document.querySelectorAll('#timeline .chart')[{at}].querySelector('.main-svg')")
        assert opened.problems() == []


def test_an_e_mail_shows_the_way_it_took_with_the_boundary_between_its_hops(page: Page) -> None:
    page.value(f"{PICK_TYPE}('email_message')")
    open_event(page)
    page.wait("document.querySelector('#drawer .mail').dataset.ready === 'yes'")
    held = "[...document.querySelectorAll('#drawer .hops tbody tr')].map(r => r.className + '|' + r.innerText)"
    rows = page.value(held)
    assert [row.partition("|")[0] for row in rows] == ["", "border", "claimed"]
    assert EXIT in rows[0]
    text = page.value("document.querySelector('#drawer .mail').innerText")
    for words in ("Recorded by", "mx.example.org", "body changed", "altered after signing", "9 pairs", "gmail id"):
        assert words in text
    assert page.problems() == []
    page.value(f"{PICK_TYPE}('')")
