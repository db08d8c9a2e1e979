"""The page in headless Chromium against the mock server: what a person does, and what goes wrong for them.

    python -m unittest page_test            (from this folder; needs requirements.txt and Debian's chromium)

Pictures of each test's end go to $PAGE_OUT.
"""

import re
import unittest

from stand import ONE_TURN, Mock, chromium, heard_energy, open_page, shoot

READY = "#greeting:has-text('Hello')"


class PageTest(unittest.TestCase):
    """One mock server a test; nothing in the page's console may be an error that was not provoked."""

    microphone, allowed, provoked = ONE_TURN, True, ()

    def setUp(self):
        self.mock = Mock()
        self.addCleanup(lambda: self.mock.stop())
        opened = chromium(self.microphone, self.allowed)
        self.browser = opened.__enter__()
        self.addCleanup(opened.__exit__, None, None, None)
        self.page = None

    def open(self, path="", **options):
        self.page = open_page(self.browser, self.mock.url + path, **options)
        return self.page

    def tearDown(self):
        if not self.page or self.page.is_closed():
            return
        shoot(self.page, f"test-{self._testMethodName}")
        problems = [problem for problem in self.page.problems if not any(re.search(one, problem) for one in self.provoked)]
        self.assertEqual(problems, [])

    def write(self, text):
        self.page.fill("#draft", text)
        self.page.press("#draft", "Enter")

    def text(self, selector):
        return self.page.text_content(selector)

    def state(self, name):
        self.page.wait_for_selector(f"html[data-state={name}]")


class Spoken(PageTest):
    microphone = [(0.8, False), (2.4, True), (6.0, False), (1.6, True), (60, False)]

    def test_a_spoken_turn_is_transcribed_answered_aloud_and_timed(self):
        page = self.open()
        page.click("#microphone")
        self.state("hearing")
        page.wait_for_selector(".yours.partial")
        page.wait_for_selector(".yours:not(.partial):has-text('Turin this weekend?')")
        self.state("tool")
        self.assertEqual(self.text("#state"), "Searching the web")
        self.state("speaking")
        self.assertIn("Saturday", self.text(".hers .ahead"))
        self.assertIn("431 ms", self.text(".hers .timing summary"))
        page.wait_for_function("() => document.querySelector('.hers .ahead')?.textContent.trim().startsWith('Sunday')")
        self.assertGreater(heard_energy(page), 0.001)

    def test_words_of_an_interrupted_reply_that_were_not_heard_disappear(self):
        page = self.open()
        page.click("#microphone")
        self.state("speaking")
        self.state("hearing")
        page.wait_for_selector(".hers.interrupted")
        words = self.text(".hers.interrupted .words")
        self.assertTrue(words.startswith("Saturday looks lovely"))
        self.assertNotIn("along the Po", words)
        page.wait_for_selector(".yours:has-text('my sister Clara')")

    def test_a_noise_that_was_no_speech_leaves_her_listening(self):
        self.mock.set(deaf=True)
        page = self.open()
        page.click("#microphone")
        self.state("hearing")
        self.state("thinking")
        self.state("listening")
        self.assertEqual(page.locator("#transcript > li").count(), 0)

    def test_escape_interrupts_her_and_escape_again_ends_the_call(self):
        page = self.open()
        page.click("#microphone")
        self.state("speaking")
        page.keyboard.press("Escape")
        page.wait_for_selector(".hers.interrupted")
        self.assertTrue(any('"interrupt"' in text for text in self.mock.ask("mock/state")["received"]))
        self.state("listening")
        page.keyboard.press("Escape")
        self.state("idle")
        self.assertTrue(any("disconnect-bot" in text for text in self.mock.ask("mock/state")["received"]))


class InCall(PageTest):
    microphone = [(60, False)]

    def test_space_and_m_begin_a_call_and_turn_the_microphone_off_and_on(self):
        page = self.open()
        page.wait_for_selector(READY)
        page.keyboard.press("Space")
        self.state("listening")
        page.keyboard.press("m")
        self.state("muted")
        self.assertEqual(page.get_attribute("#microphone", "aria-label"), "Turn the microphone on")
        page.focus("#microphone")
        page.keyboard.press("Space")
        self.state("listening")
        page.wait_for_timeout(1100)
        received = self.mock.ask("mock/state")["received"]
        self.assertTrue(any("trackStatus" in text and "false" in text for text in received))
        self.assertTrue(any(text.startswith("ping: ") for text in received))

    def test_typed_words_in_a_call_are_answered_aloud(self):
        page = self.open()
        page.click("#microphone")
        self.state("listening")
        page.keyboard.press("/")
        page.keyboard.type("Where to eat?")
        page.keyboard.press("Enter")
        self.state("speaking")
        page.wait_for_function("() => document.querySelector('.hers .ahead')?.previousSibling?.data.includes('Murazzi')")
        page.wait_for_timeout(500)
        self.assertGreater(heard_energy(page), 0.0005)

    def test_without_her_voice_a_call_shows_words_that_are_not_faint(self):
        self.mock.set(missing=[{"part": "voice", "command": "annie pull voice"}])
        page = self.open()
        page.click("#microphone")
        self.state("listening")
        self.write("Where to eat?")
        page.wait_for_selector(".hers:has-text('Murazzi')")
        self.assertEqual(page.locator(".ahead").count(), 0)

    def test_a_lost_call_comes_back_in_the_same_session(self):
        self.provoked = ["409"]
        page = self.open()
        page.click("#microphone")
        self.state("listening")
        self.mock.drop()
        self.state("reconnecting")
        self.state("listening")
        first, *later = self.mock.ask("mock/state")["offers"]
        self.assertEqual(first["pc_id"], None)
        self.assertEqual([(bool(offer["pc_id"]), offer["restart_pc"]) for offer in later], [(True, False), (True, True)])
        self.assertEqual({offer["request_data"]["session_id"] for offer in [first, *later]},
                         {first["request_data"]["session_id"]})

    def test_a_call_that_stays_lost_says_so_until_it_is_back(self):
        self.provoked = ["404", "503"]
        page = self.open()
        page.click("#microphone")
        self.state("listening")
        self.mock.set(offer_error="The speech worker starts anew.")
        self.mock.drop(forget=True)
        page.wait_for_selector(".notice[data-kind=lost]")
        self.assertEqual(self.text("#state"), "Reconnecting")
        self.mock.set(offer_error=None)
        self.state("listening")
        page.wait_for_selector(".notice", state="detached")

    def test_a_call_whose_server_started_anew_is_held_afresh(self):
        self.provoked = ["404", "409"]
        page = self.open()
        page.click("#microphone")
        self.state("listening")
        self.mock.drop(forget=True)
        self.state("reconnecting")
        self.state("listening")
        self.assertEqual(self.mock.ask("mock/state")["offers"][-1]["pc_id"], None)

    def test_a_call_in_a_deleted_session_goes_on_in_a_new_one(self):
        self.provoked = ["404"]
        page = self.open()
        self.write("Hello")
        page.wait_for_selector(".hers .timing")
        self.mock.set(forget_sessions=True)
        page.click("#microphone")
        self.state("listening")
        self.assertIn("gone", self.text(".notice[data-kind=session]"))

    def test_an_offer_that_is_refused_says_why(self):
        self.provoked = ["503"]
        self.mock.set(offer_error="All lines are busy; try again in a minute.")
        page = self.open()
        page.click("#microphone")
        page.wait_for_selector(".notice[data-kind=call]")
        self.assertIn("All lines are busy", self.text(".notice"))
        self.mock.set(offer_error=None)
        page.click("button:text('Try again')")
        self.state("listening")
        self.assertFalse(page.query_selector(".notice"))


class Typed(PageTest):
    def test_a_typed_turn_shows_its_tool_its_words_and_its_time(self):
        page = self.open()
        self.write("Please make a note")
        page.wait_for_selector(".hers .tool[data-state=done]")
        page.wait_for_selector(".hers .timing")
        self.assertIn("Written down", self.text(".hers .words"))
        page.click(".hers .tool summary")
        self.assertIn("Murazzi, before eight.", self.text(".hers .tool-body"))
        self.assertIn("Written down", self.text("#announcer"))

    def test_markdown_becomes_nodes_and_html_stays_text(self):
        page = self.open()
        self.write("markdown")
        page.wait_for_selector(".hers .timing")
        self.assertEqual(page.locator(".hers .words ol li").count(), 3)
        self.assertEqual(page.get_attribute(".hers .words a", "href"), "https://example.org/docs")
        self.assertEqual(page.locator(".hers .words b").count(), 0)
        self.assertIn("<b>not bold</b>", self.text(".hers .words"))
        self.write("<img src=x onerror=alert(1)>")
        page.wait_for_selector(".yours:has-text('<img')")
        self.assertEqual(page.locator("img").count(), 0)

    def test_a_spoiled_reply_is_replaced(self):
        page = self.open()
        self.write("void")
        page.wait_for_selector(".hers .timing")
        self.assertNotIn("spoiled", self.text(".hers .words"))

    def test_stop_keeps_what_was_written(self):
        page = self.open()
        self.write("Go on")
        page.wait_for_selector(".hers .words:has-text('quiet')")
        page.keyboard.press("Escape")
        page.wait_for_selector(".hers.interrupted")
        self.assertNotIn("my choice", self.text(".hers .words"))

    def test_a_reply_that_breaks_off_says_so(self):
        page = self.open()
        self.write("cut this short")
        page.wait_for_selector(".hers .broken")
        self.assertIn("ended before it was complete", self.text(".hers .broken"))

    def test_a_message_that_could_not_be_sent_is_given_back(self):
        self.provoked = ["503"]
        page = self.open()
        self.mock.set(chat_error="The model is still loading.")
        self.write("Are you there?")
        page.wait_for_selector(".notice[data-kind=send]")
        self.assertIn("still loading", self.text(".notice"))
        self.assertEqual(page.input_value("#draft"), "Are you there?")
        self.assertEqual(page.locator("#transcript > li").count(), 0)

    def test_a_server_that_is_gone_is_named(self):
        self.provoked = ["ERR_CONNECTION_REFUSED"]
        page = self.open()
        page.wait_for_selector(READY)
        self.mock.stop()
        self.write("Are you there?")
        page.wait_for_selector(".notice[data-kind=send]")
        self.assertIn("cannot be reached", self.text(".notice"))
        self.mock = Mock(self.mock.port)
        page.press("#draft", "Enter")
        page.wait_for_selector(".hers .timing")


class Kept(PageTest):
    def test_reload_and_a_new_tab_take_the_conversation_up_again(self):
        page = self.open()
        self.write("Please make a note")
        page.wait_for_selector(".hers .timing")
        page.reload()
        page.wait_for_selector(".hers:has-text('Written down')")
        self.assertIn("make a note", self.text(".yours"))
        other = page.context.new_page()
        other.goto(self.mock.url)
        other.wait_for_selector(".hers:has-text('Written down')")

    def test_an_earlier_conversation_is_opened_and_another_deleted_after_asking(self):
        page = self.open()
        page.click("#panel-toggle")
        page.click("text=Three days in Lisbon")
        page.wait_for_selector(".hers:has-text('ferry to Cacilhas')")
        self.assertEqual(page.locator(".hers.interrupted").count(), 1)
        self.assertEqual(page.locator(".hers .tool[data-state=done]").count(), 1)
        page.locator("#view-sessions li", has_text="bread").hover()
        page.click("[aria-label*='bread not rise']")
        self.assertIn("s-bread", self.mock.ask("mock/state")["sessions"])
        page.click("#view-sessions .danger")
        page.wait_for_function("() => document.querySelectorAll('#view-sessions li').length === 2")
        self.assertNotIn("s-bread", self.mock.ask("mock/state")["sessions"])

    def test_memory_is_searched_and_a_fact_forgotten_after_asking(self):
        page = self.open()
        page.click("#panel-toggle")
        page.click("#tab-memory")
        page.wait_for_function("() => document.querySelectorAll('#view-memory li').length === 3")
        page.fill("#memory-query", "bread")
        page.wait_for_function("() => document.querySelectorAll('#view-memory li').length === 1")
        page.focus("#view-memory .delete")
        page.keyboard.press("Enter")
        page.keyboard.press("Escape")
        self.assertTrue(page.query_selector("#view-memory .delete"))
        page.keyboard.press("Enter")
        page.click("#view-memory .danger")
        page.wait_for_selector("#view-memory .nothing")

    def test_a_note_written_by_a_tool_appears_in_the_open_panel_and_tabs_move_by_arrows(self):
        page = self.open()
        page.click("#panel-toggle")
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowRight")
        page.wait_for_selector("#view-notes li:has-text('rye flour')")
        page.keyboard.press("Escape")
        self.assertTrue(page.is_hidden("#panel"))
        self.assertEqual(page.evaluate("document.activeElement.id"), "panel-toggle")

    def test_a_chosen_appearance_stays(self):
        page = self.open()
        page.click("#theme")
        page.click("#theme")
        paper = "getComputedStyle(document.body).backgroundColor"
        self.assertEqual(page.evaluate(paper), "rgb(23, 19, 21)")
        page.reload()
        self.assertEqual(page.evaluate(paper), "rgb(23, 19, 21)")


class Amiss(PageTest):
    def test_missing_parts_show_the_command_and_writing_still_works(self):
        self.mock.set(missing=[{"part": "speech to text", "command": "annie pull speech"}])
        page = self.open()
        page.wait_for_selector(".notice[data-kind=voice]")
        self.assertEqual(self.text(".command code"), "annie pull speech")
        page.click("#microphone")
        self.assertEqual(self.mock.ask("mock/state")["offers"], [])
        self.write("Hello")
        page.wait_for_selector(".hers .timing")
        self.mock.set(missing=[])
        page.click("text=Check again")
        page.wait_for_selector(".notice", state="detached")

    def test_a_token_is_asked_for_and_a_wrong_one_refused(self):
        self.provoked = ["401"]
        self.mock.set(token="right")
        page = self.open()
        page.fill("#token", "wrong")
        page.press("#token", "Enter")
        page.wait_for_selector(".notice:has-text('not the server')")
        page.fill("#token", "right")
        page.press("#token", "Enter")
        page.wait_for_selector(READY)
        self.write("Hello")
        page.wait_for_selector(".hers .timing")

    def test_the_token_of_the_address_is_used_and_taken_out_of_it(self):
        self.mock.set(token="right")
        page = self.open("#token=right")
        page.wait_for_selector(READY)
        self.assertNotIn("token", page.url)
        page.reload()
        page.wait_for_selector(READY)


class Denied(PageTest):
    allowed = False

    def test_a_forbidden_microphone_is_explained_and_writing_works(self):
        page = self.open()
        page.click("#microphone")
        page.wait_for_selector(".notice[data-kind=call]")
        self.assertIn("not allowed", self.text(".notice"))
        self.state("idle")
        self.write("Hello")
        page.wait_for_selector(".hers .timing")


class Accessible(PageTest):
    def test_no_rule_of_axe_is_broken(self):
        try:
            from axe_playwright_python.sync_playwright import Axe
        except ImportError:
            self.skipTest("axe-playwright-python is not installed")
        for scheme in ("light", "dark"):
            page = self.open(scheme=scheme, bypass_csp=True)
            self.write("Tell me something broken")
            page.wait_for_selector(".hers .timing")
            for tab in ("sessions", "memory", "notes", "timing"):
                if page.is_hidden("#panel"):
                    page.click("#panel-toggle")
                page.click(f"#tab-{tab}")
                page.wait_for_timeout(400)
                found = Axe().run(page).response["violations"]
                rules = {one["id"]: [node["html"][:120] for node in one["nodes"]] for one in found}
                self.assertEqual(rules, {}, f"{scheme}, {tab}")


if __name__ == "__main__":
    unittest.main()
