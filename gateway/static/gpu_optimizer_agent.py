#!/usr/bin/env python3
"""Brings Empire's GPU agent to this host and runs it.

The agent is one program that needs no Python; this file is for hosts that are set up to start it this way:

    export GPU_OPTIMIZER_API_KEY=gopt_...
    export GPU_OPTIMIZER_SERVER_URL=https://empire.example.com
    python3 gpu_optimizer_agent.py            # --check: would it work?  --help: all settings

To install it as a service of systemd instead: /static/install-agent.sh on the same server.
"""
import os
import platform
import re
import stat
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request

NAME = "empire-gpu-agent"
PROCESSORS = {"x86_64": "linux-x64", "amd64": "linux-x64", "aarch64": "linux-arm64", "arm64": "linux-arm64"}


def fail(words):
    sys.stderr.write(words + "\n")
    sys.exit(2)


def server():
    address = os.environ.get("GPU_OPTIMIZER_SERVER_URL", "").strip().rstrip("/")
    if not address:
        fail("GPU_OPTIMIZER_SERVER_URL is not set. It is the address that this file came from, for instance https://empire.example.com.")
    parts = urllib.parse.urlsplit(address)
    if parts.scheme not in ("https", "http") or not parts.netloc:
        fail("GPU_OPTIMIZER_SERVER_URL must begin with https:// or http://, not '%s'." % address)
    return address


def check_key():
    key = os.environ.get("GPU_OPTIMIZER_API_KEY", "")
    if not key:
        fail("GPU_OPTIMIZER_API_KEY is not set. It is the key of your account, gopt_ and 24 letters or digits.")
    if not re.match(r"gopt_[A-Za-z0-9]{24}\Z", key):
        fail("GPU_OPTIMIZER_API_KEY is not a key: it must be gopt_ and 24 letters or digits, 29 characters in all; this has %d." % len(key))


def program(address):
    """The program beside this file; brought anew when the server has another one than the last time."""
    if platform.system() != "Linux":
        fail("The agent runs on Linux, not on %s." % platform.system())
    processor = PROCESSORS.get(platform.machine().lower())
    if processor is None:
        fail("There is no agent for the processor %s." % platform.machine())
    folder = os.path.dirname(os.path.abspath(__file__))
    target = os.path.join(folder, NAME)
    url = "%s/static/%s-%s" % (address, NAME, processor)
    request = urllib.request.Request(url)
    if os.path.exists(target):
        request.add_header("If-Modified-Since", http_date(os.stat(target).st_mtime))
    try:
        with urllib.request.urlopen(request, timeout=60) as answer:
            replace(target, answer)
    except urllib.error.HTTPError as refusal:
        if refusal.code != 304 and not os.path.exists(target):
            fail("%s cannot be downloaded (%d). Does this installation of Empire offer the agent?" % (url, refusal.code))
    except (urllib.error.URLError, OSError) as fault:
        if not os.path.exists(target):
            fail("%s cannot be downloaded: %s" % (url, fault))
    return target


def replace(target, answer):
    """All of it or nothing: one that is cut off is never run."""
    handle, new = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".new.")
    try:
        length = 0
        with os.fdopen(handle, "wb") as file:
            while True:
                part = answer.read(1 << 20)
                if not part:
                    break
                file.write(part)
                length += len(part)
        expected = answer.headers.get("Content-Length")
        if expected is not None and int(expected) != length:
            raise OSError("it broke off after %d of %s bytes" % (length, expected))
        modified = http_time(answer.headers.get("Last-Modified"))
        if modified is not None:
            os.utime(new, (modified, modified))
        os.chmod(new, stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
        os.rename(new, target)
    except BaseException:
        os.unlink(new)
        raise


def http_date(seconds):
    from email.utils import formatdate
    return formatdate(seconds, usegmt=True)


def http_time(text):
    from email.utils import parsedate_tz, mktime_tz
    parsed = parsedate_tz(text) if text else None
    return mktime_tz(parsed) if parsed else None


def main():
    address = server()
    arguments = sys.argv[1:]
    if not any(verb in arguments for verb in ("--help", "--version", "--once")):
        check_key()
    target = program(address)
    # Readings rest on disk until the server has them; only root may write where the service keeps its own.
    if os.geteuid() != 0 and "GPU_OPTIMIZER_SPOOL" not in os.environ and "--spool" not in arguments:
        os.environ["GPU_OPTIMIZER_SPOOL"] = os.path.join(os.path.dirname(target), NAME + "-spool")
    os.environ["GPU_OPTIMIZER_SERVER_URL"] = address
    sys.stdout.flush()
    os.execv(target, [target] + arguments)


if __name__ == "__main__":
    main()
