"""A real PostgreSQL for the tests that need one."""

import os
import pathlib
import shutil
import subprocess
import tempfile

BIN = pathlib.Path("/usr/lib/postgresql/15/bin")


class Database:
    """A PostgreSQL of the test's own, on a socket in a folder of its own."""

    def __init__(self, *settings):
        self.folder = tempfile.mkdtemp(prefix="leasehold-pg-", dir="/tmp")
        self.user = []
        if os.getuid() == 0:  # PostgreSQL does not run as root
            self.user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "postgres", "--no-sync")
        self.settings = settings
        self.start()
        self.count = 0

    def start(self):
        also = "".join(f" -c {setting}" for setting in self.settings)
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-w", "-l", f"{self.folder}/log", "-o",
                 f"-c listen_addresses='' -c unix_socket_directories={self.folder}{also}", "start")

    def ask(self, statement):
        """The one value that a statement gives."""
        return subprocess.run([BIN / "psql", "-h", self.folder, "-U", "postgres", "-Atc", statement], check=True, text=True,
                              capture_output=True).stdout.strip()

    def run(self, program, *arguments):
        subprocess.run([*self.user, str(BIN / program), *arguments], check=True, cwd="/", stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE)

    def fresh(self):
        """The address of a new, empty database."""
        self.count += 1
        self.run("createdb", "-h", self.folder, "-U", "postgres", f"cloud{self.count}")
        return f"postgresql:///cloud{self.count}?host={self.folder}&user=postgres"

    def stop(self):
        self.run("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)
