"""The program on a terminal of its own, and what that shows. Needs `pyte`."""

import fcntl
import os
import pty
import select
import struct
import termios
import time

import pyte

# From the start of `segue demo` to where the export can begin: what is seen, and what is pressed then.
WIZARD = [
    ("a Mailchimp account", "\r"),
    ("The name is free", "\r"),
    ("❯ [ ] I agree", " \r"),
    ("Approve here", "\r"),
    ("❯ Audience ID", "\r"),
    ("Where do the profiles", "\r"),
    ("Which attribute fills", "\r"),
    ("Which segments", "a\r"),
    ("Which status do new", " \r"),
]


class Terminal:
    """A program behind a pseudo-terminal."""

    def __init__(self, command, rows, cols, home):
        variables = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
        variables |= {"TERM": "xterm-256color", "LC_ALL": "en_US.UTF-8", "USER": "lotta"}
        variables |= {"SEGUE_HOME": home, "COLORTERM": "truecolor"}
        self.screen = pyte.Screen(cols, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.begun = time.perf_counter()
        self.id, self.fd = pty.fork()
        if self.id == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            os.execve(command[0], command, variables)

    def read(self, seconds):
        """What comes within this time, at once when something does; nothing at the end."""
        if not select.select([self.fd], [], [], seconds)[0]:
            return b""
        try:
            return os.read(self.fd, 65536)
        except OSError:
            return b""

    def feed(self, seconds):
        got = self.read(seconds)
        self.stream.feed(got)
        return got

    def text(self):
        return "\n".join(self.screen.display)

    def see(self, *wanted, seconds=300.0):
        """Waits for one of some texts; gives the one that came."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until:
            shown = self.text()
            for one in wanted:
                if one in shown:
                    return one
            self.feed(0.2)
        raise SystemExit(f"{wanted} did not come:\n{self.text()}")

    def settle(self, quiet=0.15, seconds=0.6):
        """Waits until nothing more comes for a while."""
        until = time.perf_counter() + seconds
        while time.perf_counter() < until and self.feed(quiet):
            pass

    def press(self, keys):
        os.write(self.fd, keys.encode())

    def close(self):
        """Takes the terminal away, as closing its window does."""
        os.close(self.fd)
        os.waitpid(self.id, 0)
