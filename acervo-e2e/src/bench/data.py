"""The data that both sides of a line work on: random bytes, so that no side gains by compressing.

Deposits need new bytes in every round: a server that keeps one copy of equal contents would otherwise be measured at
doing nothing. The files are overwritten in place, which keeps them in the page cache and costs no file creation.
"""

import hashlib
import os
from pathlib import Path

FOLDER_FILES = 100
SMALL_BYTES = 4096
CHUNK = 4 << 20


class DataSet:
    """`big.bin`, and `small/` with folders of 100 files of 4 KiB each."""

    def __init__(self, folder, big_bytes, small_count):
        self.folder = Path(folder)
        self.big_bytes = big_bytes
        self.small_count = small_count
        self.big = self.folder / "big.bin"
        self.small = self.folder / "small"
        self._sha256 = {}

    def small_names(self):
        """The small files, relative to `small`."""
        return [f"d{i // FOLDER_FILES:03d}/f{i % FOLDER_FILES:03d}.bin" for i in range(self.small_count)]

    def renew_big(self):
        """Makes `big.bin`, or fills it with other bytes."""
        self._sha256.pop(self.big, None)
        with open(self.big, "r+b" if self.big.exists() else "wb") as file:
            left = self.big_bytes
            while left:
                left -= file.write(os.urandom(min(CHUNK, left)))

    def renew_small(self):
        """Makes the small files, or fills them with other bytes."""
        new = not self.small.exists()
        for name in self.small_names():
            path = self.small / name
            self._sha256.pop(path, None)
            if new:
                path.parent.mkdir(parents=True, exist_ok=True)
            with open(path, "wb" if new else "r+b") as file:
                file.write(os.urandom(SMALL_BYTES))

    def need_big(self):
        if not self.big.exists():
            self.renew_big()

    def need_small(self):
        if not self.small.exists():
            self.renew_small()

    def big_sha256(self):
        return self._hash(self.big)

    def small_sha256(self, name):
        return self._hash(self.small / name)

    def _hash(self, path):
        if path not in self._sha256:
            with open(path, "rb") as file:
                self._sha256[path] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._sha256[path]
