"""Programs of others that tests hold ours against, from PyPI and npm, each in a folder of its own under build/."""

import os
import shutil
import subprocess
import sys
import unittest

from support import ROOT


def python_of(name, packages):
    """The folder with the programs of a Python environment, which is made where it is not there yet."""
    folder = os.path.join(ROOT, "build/peers", name)
    programs = os.path.join(folder, "bin")
    install(name, os.path.join(folder, "ready"), "PyPI",
            [sys.executable, "-m", "venv", folder],
            [os.path.join(programs, "python"), "-m", "pip", "install", "-q", *packages])
    return programs


def node_of(name, package):
    """The folder with the programs of an npm package."""
    folder = os.path.join(ROOT, "build/peers", name)
    if shutil.which("npm") is None:
        raise unittest.SkipTest(f"npm is not installed, so {name} is not here")
    os.makedirs(folder, exist_ok=True)
    install(name, os.path.join(folder, "ready"), "npm's registry",
            ["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, package])
    return os.path.join(folder, "node_modules/.bin")


def install(name, mark, registry, *commands):
    if os.path.exists(mark):
        return
    try:
        for command in commands:
            subprocess.run(command, check=True, capture_output=True, timeout=400)
    except (subprocess.SubprocessError, OSError) as error:
        raise unittest.SkipTest(f"{registry} is not reached, so {name} is not here: {error}") from error
    with open(mark, "w", encoding="utf-8"):
        pass
