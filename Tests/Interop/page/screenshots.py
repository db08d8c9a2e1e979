"""Pictures of the page in its states, light and dark, for phone and desk, into $PAGE_OUT."""

import sys

from stand import DESKTOP, OUT, PHONE, Mock, chromium, open_page, shoot

LOOKS = [("desktop-light", DESKTOP, "light"), ("desktop-dark", DESKTOP, "dark"),
         ("phone-light", PHONE, "light"), ("phone-dark", PHONE, "dark")]


def still(browser, mock, look, viewport, scheme):
    """The states without a call."""
    page = open_page(browser, mock.url, viewport, scheme)
    page.wait_for_selector("#greeting:has-text('Hello')")
    page.wait_for_timeout(400)
    shoot(page, f"{look}-1-welcome")
    page.fill("#draft", "Please show me markdown and a note")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hers .timing")
    page.fill("#draft", "Tell me something broken")
    page.keyboard.press("Enter")
    page.wait_for_selector(".hers:nth-of-type(4) .timing")
    page.wait_for_timeout(300)
    shoot(page, f"{look}-2-typed")
    page.click("#panel-toggle")
    for tab in ["sessions", "memory", "notes", "timing"]:
        page.click(f"#tab-{tab}")
        page.wait_for_timeout(300)
        shoot(page, f"{look}-3-{tab}")
    page.click("#tab-sessions")
    page.click(".delete >> nth=1")
    page.wait_for_timeout(200)
    shoot(page, f"{look}-4-confirm")
    page.click("text=Keep")
    page.click("text=Three days in Lisbon")
    page.wait_for_timeout(500)
    shoot(page, f"{look}-5-resumed")
    page.context.close()


def in_call(browser, mock, look, viewport, scheme):
    """A spoken turn, state by state."""
    page = open_page(browser, mock.url, viewport, scheme)
    page.wait_for_selector("#greeting:has-text('Hello')")
    page.click("#microphone")
    page.wait_for_selector("html[data-state=listening]")
    page.wait_for_timeout(300)
    shoot(page, f"{look}-6-listening")
    page.wait_for_selector("html[data-state=hearing]")
    page.wait_for_timeout(1200)
    shoot(page, f"{look}-7-hearing")
    page.wait_for_selector("html[data-state=tool]")
    page.wait_for_timeout(600)
    shoot(page, f"{look}-8-tool")
    page.wait_for_selector("html[data-state=speaking]")
    page.wait_for_timeout(2200)
    shoot(page, f"{look}-9-speaking")
    page.click(".hers .timing summary")
    page.click(".hers .tool summary")
    page.wait_for_timeout(300)
    shoot(page, f"{look}-10-details")
    page.keyboard.press("m")
    page.click("#interrupt")
    page.wait_for_selector("html[data-state=muted]")
    page.wait_for_timeout(300)
    shoot(page, f"{look}-11-muted")
    mock.set(offer_error="The speech worker is starting anew.")
    mock.drop()
    page.wait_for_selector(".notice[data-kind=lost]")
    page.wait_for_timeout(400)
    shoot(page, f"{look}-12-reconnecting")
    mock.set(offer_error=None)
    page.context.close()


def problems(browser, mock, look, viewport, scheme):
    """What stands there when something is amiss."""
    mock.set(missing=[{"part": "speech to text", "command": "annie pull speech"},
                      {"part": "voice", "command": "annie pull speech"}])
    page = open_page(browser, mock.url, viewport, scheme)
    page.wait_for_selector(".notice")
    page.wait_for_timeout(400)
    shoot(page, f"{look}-13-missing")
    page.context.close()
    mock.set(missing=[], token="secret")
    page = open_page(browser, mock.url, viewport, scheme)
    page.wait_for_selector(".notice")
    page.wait_for_timeout(400)
    shoot(page, f"{look}-14-token")
    page.context.close()
    mock.set(token=None)
    page = open_page(browser, mock.url.replace("localhost", "annie.test"), viewport, scheme)
    page.wait_for_selector(".notice")
    page.wait_for_timeout(400)
    shoot(page, f"{look}-15-insecure")
    page.context.close()


def main(wanted):
    for look, viewport, scheme in LOOKS:
        if wanted and look not in wanted:
            continue
        mock = Mock()
        try:
            with chromium(flags=["--host-resolver-rules=MAP annie.test 127.0.0.1"]) as browser:
                still(browser, mock, look, viewport, scheme)
                in_call(browser, mock, look, viewport, scheme)
                problems(browser, mock, look, viewport, scheme)
            with chromium(allowed=False) as browser:
                page = open_page(browser, mock.url, viewport, scheme)
                page.click("#microphone")
                page.wait_for_selector(".notice")
                page.wait_for_timeout(400)
                shoot(page, f"{look}-16-denied")
        finally:
            mock.stop()
    print(OUT)


if __name__ == "__main__":
    main(sys.argv[1:])
