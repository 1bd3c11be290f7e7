"""Drive one headless Chromium over its DevTools protocol, on loopback, with a fresh profile that is thrown away."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import websocket

if TYPE_CHECKING:
    from collections.abc import Iterator

FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-dev-shm-usage",
    "--disable-features=Translate,OptimizationHints,MediaRouter", "--remote-debugging-port=0",
    "--remote-allow-origins=*", "--force-device-scale-factor=1", "--hide-scrollbars",
)  # fmt: skip
_START_S = 30
_CALL_S = 60


def binary() -> str | None:
    """Where Chromium is, or None."""
    return next((path for path in map(shutil.which, ("chromium", "chromium-browser", "google-chrome")) if path), None)


def require() -> None:
    """Skip loudly without a browser; fail where one is required."""
    if binary() is None:
        if os.environ.get("VESTIGO_REQUIRE_BROWSER") == "1":
            pytest.fail("VESTIGO_REQUIRE_BROWSER=1, and no Chromium is installed")
        pytest.skip("NO BROWSER: the report was not opened in Chromium; install it to run these tests")


class Page:
    """One page, its console, its requests and its violations."""

    def __init__(self, address: str) -> None:
        self.socket = websocket.create_connection(address, timeout=_CALL_S)
        self.events: list[dict[str, Any]] = []
        self.number = 0

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        """Call a DevTools method; events that arrive meanwhile are kept."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                assert "error" not in message, message
                return dict(message["result"])
            self.events.append(message)

    def value(self, expression: str) -> Any:
        """Value of an expression in the page (promises are awaited)."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in result, result["exceptionDetails"]
        return result["result"].get("value")

    def wait(self, expression: str, seconds: float = 8) -> None:
        """Wait until an expression is true."""
        end = time.monotonic() + seconds
        while not self.value(f"Boolean({expression})"):
            assert time.monotonic() < end, f"never true: {expression}\n{self.problems()}"
            time.sleep(0.05)

    def open(self, path: Path) -> None:
        """Open a local report and wait until it has drawn itself."""
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")
        watch = (
            "window.__violations=[];document.addEventListener('securitypolicyviolation',"
            "e=>__violations.push(e.violatedDirective+' '+e.blockedURI+' '+e.sample))"
        )
        self.call("Page.addScriptToEvaluateOnNewDocument", source=watch)
        self.call("Page.navigate", url=path.resolve().as_uri())
        self.wait("document.documentElement?.dataset.ready === 'yes'")

    def named(self, method: str) -> list[dict[str, Any]]:
        """Parameters of all events with this name."""
        return [event["params"] for event in self.events if event.get("method") == method]

    def requests(self) -> list[str]:
        """Addresses the page asked for, except data that it carries itself."""
        urls = [params["request"]["url"] for params in self.named("Network.requestWillBeSent")]
        return [url for url in urls if not url.startswith(("data:", "blob:"))]

    def problems(self) -> list[str]:
        """Console errors, exceptions and log entries of the browser."""
        logged = [
            str(p["args"])
            for p in self.named("Runtime.consoleAPICalled")
            if p["type"] in {"error", "warning", "assert"}
        ]
        thrown = [json.dumps(p["exceptionDetails"])[:600] for p in self.named("Runtime.exceptionThrown")]
        entries = [
            p["entry"]["text"] for p in self.named("Log.entryAdded") if p["entry"]["level"] in {"error", "warning"}
        ]
        return logged + thrown + entries

    def violations(self) -> list[str]:
        """What the content security policy stopped."""
        return list(self.value("window.__violations"))

    def press(self, key: str) -> None:
        """Press one key."""
        for kind in ("keyDown", "keyUp"):
            self.call(
                "Input.dispatchKeyEvent",
                type=kind,
                key=key,
                code=key,
                windowsVirtualKeyCode={"Escape": 27, "Tab": 9, "Enter": 13}.get(key, 0),
            )

    def size(self, width: int, height: int) -> None:
        """Set the size of the window, CSS pixels."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def picture(self, path: Path) -> None:
        """Save what the window shows as PNG."""
        path.write_bytes(base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"]))


@contextmanager
def chromium() -> Iterator[Page]:
    """A fresh browser with one page; ended by its process id."""
    found = binary()
    assert found is not None
    with tempfile.TemporaryDirectory(prefix="report-browser-", ignore_cleanup_errors=True) as profile:
        process = subprocess.Popen(
            [found, *FLAGS, f"--user-data-dir={profile}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        page = None
        try:
            page = Page(_page_address(Path(profile), process))
            yield page
        finally:
            if page:
                page.socket.close()
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _page_address(profile: Path, process: subprocess.Popen[bytes]) -> str:
    """Address of the first page, once the browser has written its port."""
    end = time.monotonic() + _START_S
    note = profile / "DevToolsActivePort"
    while not note.is_file() or "\n" not in note.read_text():
        assert process.poll() is None, "Chromium ended before it opened its port"
        assert time.monotonic() < end, "Chromium did not open its port"
        time.sleep(0.05)
    port, path = note.read_text().splitlines()[:2]
    browser = Page(f"ws://127.0.0.1:{port}{path}")
    pages = browser.call("Target.getTargets")["targetInfos"]
    browser.socket.close()
    target = next(info["targetId"] for info in pages if info["type"] == "page")
    return f"ws://127.0.0.1:{port}/devtools/page/{target}"
