"""A served store and clients of it, for the tests of the service."""

import http.client
import json
import os
import re
import signal
import subprocess

from support import BINARY, NOW, StoreTest


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.bytes = response.read()

    @property
    def text(self):
        return self.bytes.decode()

    @property
    def json(self):
        return json.loads(self.bytes)


class Client:
    """Asks with one key, over one connection that is kept."""

    def __init__(self, port, key="", timeout=60):
        self.port, self.key = port, key
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)

    def __del__(self):
        self.connection.close()

    def ask(self, method, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.key:
            headers["Authorization"] = "Bearer " + self.key
        if body is not None and not isinstance(body, (str, bytes)):
            body = json.dumps(body)
        try:
            self.connection.request(method, path, body=body, headers=headers)
            return Answer(self.connection.getresponse())
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.connection.close()
            self.connection.request(method, path, body=body, headers=headers)
            return Answer(self.connection.getresponse())

    def get(self, path, **headers):
        return self.ask("GET", path, **headers)

    def post(self, path, body=None, **headers):
        return self.ask("POST", path, {} if body is None else body, **headers)


class ServiceTest(StoreTest):
    """A test with a store that is served; `key` makes a client."""

    def key(self, name, *arguments):
        said = self.answer("key", "add", name, *arguments)
        return re.search(r"said only now: (\S+)", said).group(1)

    def serve(self, *arguments, now=NOW, port=0):
        self.server = subprocess.Popen(
            [BINARY, "--store", self.store, "--now", now, "serve", "--listen", f"127.0.0.1:{port}", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=self.folder,
            env={"PATH": os.environ["PATH"], "HOME": self.folder})
        self.addCleanup(self.stop)
        line = self.server.stdout.readline()
        if not line:
            raise ChildProcessError(self.server.stderr.read())
        self.port = int(line.rsplit(":", 1)[1])
        return self.port

    def stop(self):
        if self.server.poll() is None:
            self.server.send_signal(signal.SIGTERM)
        self.server.wait(timeout=60)
        self.server.stdout.close()
        self.server.stderr.close()
        return self.server.returncode
