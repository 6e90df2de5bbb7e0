#!/usr/bin/env python3
"""People sign in at an identity provider, oidc-provider from npm, as a browser does: by links, forms and cookies."""

import datetime
import html
import http.cookiejar
import json
import os
import re
import shutil
import socket
import subprocess
import unittest
import urllib.error
import urllib.parse
import urllib.request

from peers import node_of
from service import Client, ServiceTest
from support import ROOT

SECRET = "a-secret-of-the-client-that-is-long-enough"


def free_port():
    with socket.socket() as some:
        some.bind(("127.0.0.1", 0))
        return some.getsockname()[1]


class Stay(urllib.request.HTTPRedirectHandler):
    """Redirections are looked at."""

    def redirect_request(self, *_):
        return None


class Browser:
    def __init__(self, site):
        self.site = site
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(Stay, urllib.request.HTTPCookieProcessor(self.cookies))

    def ask(self, url, form=None, method=None, **headers):
        data = None if form is None else urllib.parse.urlencode(form).encode()
        request = urllib.request.Request(url, data, {k.replace("_", "-"): v for k, v in headers.items()}, method=method)
        try:
            with self.opener.open(request, timeout=20) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as answer:
            with answer:
                return answer.code, answer.headers, answer.read().decode()

    def sign_in(self, email, back="/v1/me"):
        """Goes where the pages send it, and types the address; the last status, its headers and page."""
        url, form = f"{self.site}/v1/sign-in?back={urllib.parse.quote(back)}", None
        for _ in range(12):
            status, headers, page = self.ask(url, form)
            form = None
            if status in (302, 303):
                url = urllib.parse.urljoin(url, headers["Location"])
            elif status == 200 and "<form" in page:
                url = urllib.parse.urljoin(url, html.unescape(re.search(r'<form[^>]* action="([^"]*)"', page).group(1)))
                form = dict(re.findall(r'<input[^>]*type="hidden"[^>]* name="([^"]*)" value="([^"]*)"', page))
                form.update({"login": email, "password": "any"} if form.get("prompt") == "login" else {})
            else:
                return status, headers, page
        raise AssertionError("it goes on and on")


class SignIn(ServiceTest):
    @classmethod
    def setUpClass(cls):
        if shutil.which("node") is None:
            raise unittest.SkipTest("node is not installed, so oidc-provider does not run")
        cls.package = os.path.join(node_of("oidc-provider", "oidc-provider@8.8.1"), "..", "oidc-provider/lib/index.js")

    def setUp(self):
        super().setUp()
        self.play_comet()
        self.answer("user", "set", "jane@neo.example", "--role", "finance")
        self.answer("user", "set", "li@regional.example", "--party", "regional-cloud", "--role", "tenant_admin")
        self.desk_secret = self.key("desk", "--role", "owner")
        self.own_port, provider_port = free_port(), free_port()
        self.site = f"http://127.0.0.1:{self.own_port}"
        provider = subprocess.Popen(
            ["node", str(ROOT / "tests/integration/identity_provider.mjs"), self.package, str(provider_port),
             self.site + "/v1/sign-in/done", SECRET], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(lambda: (provider.kill(), provider.wait(), provider.stdout.close()))
        self.assertEqual(provider.stdout.readline(), "ready\n")
        self.issuer = f"http://127.0.0.1:{provider_port}"
        self.start()

    def start(self):
        # The provider goes by the clock, and so must whoever reads its tokens.
        now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        self.serve("--sign-in-issuer", self.issuer, "--sign-in-client", "leasehold", "--sign-in-secret",
                   self.write("secret", SECRET + "\n"), "--address", self.site, now=now, port=self.own_port)

    def test_somebody_signs_in_and_does_what_their_role_may(self):
        jane = Browser(self.site)
        self.assertEqual(jane.ask(self.site + "/v1/me")[0], 401)
        status, _, page = jane.sign_in("Jane@neo.example")
        me = json.loads(page)
        self.assertEqual((status, me["name"], me["role"], me["changes"]), (200, "jane@neo.example", "finance", ["money"]))
        session = next(cookie for cookie in jane.cookies if cookie.name == "leasehold-session")
        self.assertTrue(session.has_nonstandard_attr("HttpOnly"))
        self.assertEqual(session.get_nonstandard_attr("SameSite"), "Lax")
        self.assertEqual(jane.ask(self.site + "/v1/books/lambda/trial")[0], 200)
        self.assertEqual(jane.ask(self.site + "/v1/keys")[0], 403)
        # A change only from a page of this server.
        tax = self.site + "/v1/taxes"
        body = {"method": "POST", "Content_Type": "application/json"}
        self.assertEqual(jane.ask(tax, **body)[0], 401)
        self.assertEqual(jane.ask(tax, Origin="https://evil.example", **body)[0], 401)
        self.assertEqual(jane.ask(tax, Origin=self.site, **body)[0], 400, "asked, and its fields are missing")
        # The session outlives the server, and ends with the user, or where they sign out.
        self.stop()
        self.start()
        self.assertEqual(jane.ask(self.site + "/v1/me")[0], 200)
        status, headers, _ = jane.ask(self.site + "/v1/sign-out", method="POST")
        self.assertEqual((status, jane.ask(self.site + "/v1/me")[0]), (204, 401))
        self.assertIn("Max-Age=0", headers["Set-Cookie"])
        jane.sign_in("jane@neo.example")
        self.assertEqual(jane.ask(self.site + "/v1/me")[0], 200)
        removed = Client(self.own_port, self.desk_secret).post("/v1/users/jane@neo.example/remove")
        self.assertEqual(removed.status, 200, removed.text)
        self.assertEqual(jane.ask(self.site + "/v1/me")[0], 401)
        self.stop()
        seen = self.answer("audit", "list", "--refused")
        self.assertRegex(seen, r"jane@neo.example +GET /v1/keys +/v1/keys +forbidden +1")

    def test_a_partys_user_sees_the_partys(self):
        li = Browser(self.site)
        self.assertIn('"party":"regional-cloud"', li.sign_in("li@regional.example")[2])
        self.assertEqual(li.ask(self.site + "/v1/parties")[0], 403)
        rows = li.ask(self.site + "/v1/leases")[2]
        self.assertIn("regional-cloud", rows)
        self.assertNotIn("midjourney", rows)

    def test_who_is_no_user_or_not_vouched_for_is_not_let_in(self):
        for email, why in (("eve@elsewhere.example", "eve@elsewhere.example is not a user here"),
                           ("jane@unverified.example", "has not verified the email address")):
            browser = Browser(self.site)
            status, _, page = browser.sign_in(email)
            self.assertEqual(status, 403)
            self.assertIn(why, page)
            self.assertNotIn("leasehold-session", [cookie.name for cookie in browser.cookies])

    def test_a_sign_in_that_another_browser_began_is_not_finished(self):
        mine, other = Browser(self.site), Browser(self.site)
        for browser in (mine, other):
            browser.ask(self.site + "/v1/sign-in")
        status, _, page = mine.ask(self.site + "/v1/sign-in/done?code=stolen&state=guessed")
        self.assertEqual(status, 403)
        self.assertIn("this browser did not begin the sign-in", page)

    def test_it_goes_back_to_this_server_only(self):
        for back in ("https://evil.example/", "//evil.example", "/\\evil.example"):
            browser = Browser(self.site)
            status, _, page = browser.sign_in("jane@neo.example", back)
            self.assertEqual(status, 404, "the root, where there is no page yet: " + page)

    def test_a_cookie_that_was_changed_is_none(self):
        jane = Browser(self.site)
        jane.sign_in("jane@neo.example")
        for cookie in jane.cookies:
            if cookie.name == "leasehold-session":
                cookie.value = cookie.value[:-4] + ("AAAA" if cookie.value[-4:] != "AAAA" else "BBBB")
        self.assertEqual(jane.ask(self.site + "/v1/me")[0], 401)


class Settings(ServiceTest):
    def test_a_provider_that_cannot_be_trusted_is_refused(self):
        said = self.answer("serve", "--listen", "127.0.0.1:0", "--sign-in-issuer", "http://login.example", "--address",
                           "cloud.example", status=2)
        for field in ("--sign-in-issuer", "--address", "--sign-in-client"):
            self.assertIn(field, said)


if __name__ == "__main__":
    unittest.main(verbosity=2)
