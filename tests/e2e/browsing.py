"""People at their browsers: signing in, opening pages, deciding; every page is watched while they do."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.urls import reverse
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Download, Page, Request, expect

from accounts.acting import Actor
from project.demo.filing import FILES, scan
from project.demo.people import PASSWORD
from workflows.claims import Claim, Evidence
from workflows.states import Kind

DESK = {"width": 1280, "height": 860}
PHONE = {"width": 390, "height": 844}
PATIENCE = 15_000  # ms for one answer of the server; a PDF of three hundred rows is drawn within it
LOWEST = 2400  # px; where the picture of a long page ends
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Street:
    """All browsers of one test. `faults` collects what no page may do: ask outside, break the CSP, fail in script."""

    def __init__(self, browser: Browser, address: str, screens: Path) -> None:
        self.browser, self.address, self.screens = browser, address, screens
        self.faults: list[str] = []
        self.contexts: list[BrowserContext] = []
        self.shots = 0

    def window(self, *, phone: bool = False) -> "Window":
        """A fresh browser profile; `phone` is 390 px wide and touched."""
        context = self.browser.new_context(
            base_url=self.address,
            viewport=PHONE if phone else DESK,  # type: ignore[arg-type]
            has_touch=phone,
            is_mobile=phone,
            locale="zh-CN",
            accept_downloads=True,
        )
        context.set_default_timeout(PATIENCE)
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.faults.append(f"script: {error.error}"))
        self.contexts.append(context)
        return Window(self, context)

    def sign_in(self, who: Actor, *, phone: bool = False) -> "Window":
        """A window in which `who` has signed in with the password."""
        window = self.window(phone=phone)
        window.sign_in(who.user.username)
        expect(window.page.locator(".who-name")).to_have_text(who.user.full_name)
        return window

    def close(self) -> None:
        for context in self.contexts:
            context.close()

    def _request(self, request: Request) -> None:
        if request.url.startswith(("data:", "blob:", self.address + "/")):
            return
        self.faults.append(f"asked outside: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not REFUSED.match(message.text):
            self.faults.append(f"console: {message.text}")


class Window:
    """One person's browser window."""

    def __init__(self, street: Street, context: BrowserContext) -> None:
        self.street, self.context = street, context
        self.page: Page = context.new_page()

    def sign_in(self, username: str, password: str = PASSWORD) -> None:
        self.page.goto(reverse("login"))
        self.page.get_by_label("登录名").fill(username)
        self.page.get_by_label("密码").fill(password)
        self.page.get_by_role("button", name="登录", exact=True).click()

    def open(self, name: str, *args: Any) -> Page:
        """The page of a URL name."""
        answer = self.page.goto(reverse(name, args=args))
        assert answer is not None
        assert answer.status == 200, f"{name} answered {answer.status}"
        return self.page

    def settled(self) -> None:
        """Wait for the page in view: between two pages a window has a document without a root."""
        self.page.locator("body").wait_for(state="attached")
        self.page.wait_for_load_state()

    def shot(self, name: str) -> None:
        """A picture of the page down to `LOWEST`, numbered in the order they were taken."""
        self.settled()
        self.street.shots += 1
        path = self.street.screens / f"{self.street.shots:02d}-{name}.png"
        wide, high = self.page.evaluate("[innerWidth, document.documentElement.scrollHeight]")
        clip = {"x": 0, "y": 0, "width": wide, "height": min(high, LOWEST)}
        self.page.screenshot(path=path, full_page=True, clip=clip, animations="disabled")  # type: ignore[arg-type]

    def view(self, name: str) -> None:
        """A picture of what the window shows now."""
        self.settled()
        self.street.shots += 1
        self.page.screenshot(path=self.street.screens / f"{self.street.shots:02d}-{name}.png", animations="disabled")

    def no_sideways_scroll(self) -> None:
        """The page is no wider than the window."""
        self.settled()
        wide = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{self.page.url} is {wide}px too wide"

    def told(self, words: str) -> None:
        """The message at the head of the page says so."""
        expect(self.page.locator(".messages")).to_contain_text(words)

    def take(self, link_or_button: Any) -> tuple[str, bytes]:
        """Press what downloads a file: its name and bytes."""
        with self.page.expect_download() as waiting:
            link_or_button.click()
        return contents(waiting.value)

    def read_paper(self, link: Any) -> bytes:
        """The bytes behind a link to a PDF, asked for with this window's session, and that it is a PDF to be shown."""
        answer = self.context.request.get(link.get_attribute("href"))
        assert answer.status == 200
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.headers["content-disposition"].startswith("inline")
        body = answer.body()
        assert body.startswith(b"%PDF-")
        assert body.rstrip().endswith(b"%%EOF")
        return body

    def decide(self, claim: Claim, button: str, opinion: str, *, fund: str = "", shot: str = "") -> None:
        """Open the claim from the inbox and press one button of the decision, with an opinion; the next one follows."""
        self.open("desk:inbox").get_by_role("link", name=str(claim), exact=True).click()
        self.page.wait_for_url(re.compile(rf"{reverse('desk:claim', args=[claim.pk])}\?from=inbox$"))
        decision = self.page.locator("#decision")
        if fund:
            decision.get_by_role("radio", name=fund).check()
        if shot:
            self.shot(shot)
        decision.get_by_label("意见", exact=True).fill(opinion)
        if shot:
            self.page.locator("#decide").scroll_into_view_if_needed()
            self.view(f"{shot}-words")
        decision.get_by_role("button", name=button, exact=True).click()
        self.told("已办理")
        assert self.page.url.endswith((reverse("desk:inbox"), "?from=inbox"))


def contents(download: Download) -> tuple[str, bytes]:
    """A finished download's name and bytes."""
    return download.suggested_filename, download.path().read_bytes()


def start(window: Window, kind: Kind) -> Claim:
    """Choose the kind on the page of new claims; the draft that opens."""
    page = window.open("claimant:new")
    page.get_by_role("button", name=f"开始申报：{kind.label}").click()
    page.wait_for_url(re.compile(r"/claims/\d+/$"))
    return Claim.objects.get(pk=int(page.url.rstrip("/").rsplit("/", 1)[1]))


def upload_roster(window: Window, data: bytes, name: str = "花名册.xlsx") -> None:
    """Upload a roster on the draft or on the page of its faults; the answer is the heading."""
    form = window.page.locator("form.upload").filter(has=window.page.locator("input[accept*=xlsx]"))
    form.locator("input[type=file]").set_input_files({"name": name, "mimeType": SHEET, "buffer": data})
    form.get_by_role("button", name=re.compile("上传")).click()


def upload_evidence(window: Window, claim: Claim, kinds: Sequence[str] = ()) -> None:
    """Upload a scan of each kind the claim needs, one after the other."""
    page = window.page
    for kind in kinds or FILES[Kind(claim.kind)]:
        label = str(Evidence.Kind(kind).label)
        form = page.locator("#s3 form.upload")
        form.get_by_label("材料类别").select_option(kind)
        file = {"name": f"{label}.png", "mimeType": "image/png", "buffer": scan(label, str(claim.pk))}
        form.locator("input[type=file]").set_input_files(file)  # type: ignore[arg-type]
        form.get_by_role("button", name="上传材料").click()
        expect(page.locator("#s3 .slot-files").get_by_role("link", name=f"{label}.png", exact=True)).to_have_count(1)


def precheck(window: Window) -> str:
    """Press the pre-check; what it answers."""
    window.page.get_by_role("button", name="开始预检").click()
    answer = window.page.locator("#answer-precheck .figures")
    expect(answer).to_be_visible()
    return answer.inner_text()


def file(window: Window, claim: Claim) -> Claim:
    """Declare and file; the claim with its number."""
    window.page.get_by_role("checkbox", name="我已阅读并作出上述承诺").check()
    window.page.get_by_role("button", name="提交申报").click()
    expect(window.page.get_by_role("heading", level=1)).to_contain_text("待受理")
    return Claim.objects.get(pk=claim.pk)
