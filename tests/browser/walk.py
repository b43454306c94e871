"""How the tests walk: by mouse or by keyboard, every page looked at by axe."""

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page, expect

MAX_TABS = 160
SETTLED = """() => window.htmx && document.readyState === "complete" &&
    !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling, .htmx-added")"""
# Who signs in when nobody else is named.
LEAD = "coordination.demo@demo.example"
PASSWORD = "demonstration-ptsm"
# The target stands before the focus in the page: it is reached backwards.
IS_ABOVE = """target => {
    const here = document.activeElement;
    const isBefore = target.compareDocumentPosition(here) & Node.DOCUMENT_POSITION_FOLLOWING;
    return here !== document.body && Boolean(isBefore);
}"""


@dataclass
class Hand:
    """What a walk costs a person, by the keystroke-level model of Card, Moran and Newell.

    A thought before each step, a hand that points, a character typed at 40 words a minute, another
    key, and the same key pressed again.
    """

    thoughts: int = 0
    pointings: int = 0
    characters: int = 0
    keys: int = 0
    repeats: int = 0

    @property
    def seconds(self) -> float:
        """How long a person takes."""
        return (
            1.35 * self.thoughts
            + 1.1 * self.pointings
            + 0.2 * self.characters
            + 0.28 * self.keys
            + 0.15 * self.repeats
        )

    def tabs(self, times: int) -> None:
        """The same key, so many times."""
        self.keys += min(times, 1)
        self.repeats += max(times - 1, 0)


@dataclass
class Walker:
    """One person in front of one screen."""

    page: Page
    site: str
    by_keyboard: bool = False
    hand: Hand = field(default_factory=Hand)

    def sign_in(self, email: str = LEAD) -> None:
        """Arrive, and say who one is."""
        self.arrive("/")
        self.write("Adresse électronique", email)
        self.write("Mot de passe", PASSWORD)
        self.press("button", "Se connecter", within="main")

    def arrive(self, path: str = "/") -> None:
        """Type an address."""
        self.page.goto(self.site + path)
        self.look()

    def press(self, role: str, name: str, *, exact: bool = True, within: str = "body") -> None:
        """Follow a link or press a button, then look at the page it leads to."""
        self.follow(self.named(role, name, exact=exact, within=within))

    def follow(self, target: Locator) -> None:
        """The same, of something already found: a look too early sees no page at all."""
        with self.page.expect_navigation():
            self.use(target)
        self.page.wait_for_load_state("networkidle")
        self.look()

    def touch(self, role: str, name: str, *, exact: bool = True, within: str = "body") -> None:
        """Press what may leave the page as it is."""
        self.use(self.named(role, name, exact=exact, within=within))

    def named(self, role: str, name: str, *, exact: bool = True, within: str = "body") -> Locator:
        """The first thing of that role and name."""
        return self.page.locator(within).get_by_role(role, name=name, exact=exact).first  # type: ignore[arg-type]

    def use(self, target: Locator) -> None:
        """Click, or reach by Tab and press Enter."""
        self.hand.thoughts += 1
        if self.by_keyboard:
            self.focus(target)
            self.hand.keys += 1
            self.page.keyboard.press("Enter")
        else:
            self.hand.pointings += 1
            target.click()

    def write(self, label: str, words: str) -> None:
        """Fill a field."""
        target = self.page.get_by_label(label).first
        self.hand.thoughts += 1
        self.hand.characters += len(words)
        if self.by_keyboard:
            self.focus(target)
            self.page.keyboard.type(words)
        else:
            self.hand.pointings += 1
            target.fill(words)

    def settled(self) -> None:
        """Wait until the script has taken charge of what has just come in the page.

        A machine that types sooner sends the form without it: the answer is then a whole page.
        """
        self.page.wait_for_function(SETTLED)

    def go_on(self, words: str, *keys: str) -> None:
        """Type where one is, then press these keys."""
        self.settled()
        self.hand.thoughts += 1
        self.hand.characters += len(words)
        self.page.keyboard.type(words)
        for key in keys:
            self.key(key)

    def key(self, key: str, times: int = 1) -> None:
        """Press a key, which may be held with others."""
        self.hand.tabs(times)
        self.hand.keys += key.count("+")
        for _ in range(times):
            self.page.keyboard.press(key)

    def choose(self, label: str, rank: int) -> None:
        """One choice of a list, by its rank, by the arrow or by opening it and pointing."""
        target = self.page.get_by_label(label, exact=True).first
        self.hand.thoughts += 1
        if self.by_keyboard:
            self.focus(target)
            self.key("ArrowDown", rank)
        else:
            self.hand.pointings += 2
            target.select_option(index=rank)
        expect(target).to_have_js_property("selectedIndex", rank)

    def focus(self, target: Locator) -> None:
        """Reach something by the Tab key alone, and see where one is."""
        expect(target).to_be_visible()
        key = "Shift+Tab" if target.evaluate(IS_ABOVE) else "Tab"
        for pressed in range(MAX_TABS):
            if target.evaluate("element => element === document.activeElement"):
                outline = target.evaluate("element => getComputedStyle(element).outlineStyle")
                assert outline != "none", "the focus is not visible"
                self.hand.tabs(pressed)
                return
            self.page.keyboard.press(key)
        raise AssertionError(f"{target} is not reached by the Tab key")

    def look(self) -> None:
        """No axe violation, one first heading, nothing wider than the screen."""
        found = Axe().run(self.page).response["violations"]
        told = [(rule["id"], [node["target"] for node in rule["nodes"]][:3]) for rule in found]
        assert told == [], f"{self.page.url}: {told}"
        expect(self.page.locator("h1")).to_have_count(1)
        width, screen = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert width <= screen, f"{self.page.url} is {width} pixels wide on {screen}"
