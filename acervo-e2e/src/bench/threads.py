"""What the clients in Python share: many threads with a connection each, working through one list."""

import os
import sys
import threading
import time


def rate(items, threads, connect, work):
    """Works through the items with so many threads; returns items a second."""
    left = iter(items)
    turn = threading.Lock()
    broken = []

    def worker():
        try:
            connection = connect()
            while not broken:
                with turn:
                    item = next(left, None)
                if item is None:
                    return
                work(connection, item)
        except Exception as error:  # whatever it is, it must end the run with a message, not only this thread
            broken.append(error)

    workers = [threading.Thread(target=worker) for _ in range(threads)]
    began = time.perf_counter()
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    if broken:
        sys.exit(f"failed: {broken[0]!r}")
    return len(items) / (time.perf_counter() - began)


def files_under(folder):
    return sorted(os.path.join(path, name) for path, _, names in os.walk(folder) for name in names)


def content(path):
    with open(path, "rb") as file:
        return file.read()
