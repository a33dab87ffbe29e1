"""A client of plain HTTP with many threads, like the one of the XML-RPC ancestor.

    http_put.py PORT PREFIX SOURCE THREADS    PUTs the files under SOURCE, prints files a second
"""

import http.client
import os
import sys

from threads import content, files_under, rate


def main(port, prefix, source, threads):
    def deposit(connection, path):
        connection.request("PUT", f"{prefix}/{os.path.relpath(path, source)}", content(path))
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (200, 201, 204):
            raise OSError(f"{path} was answered with {answer.status}")

    connect = lambda: http.client.HTTPConnection("127.0.0.1", int(port))
    print(rate(files_under(source), int(threads), connect, deposit))


if __name__ == "__main__":
    main(*sys.argv[1:])
