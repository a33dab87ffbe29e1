"""The ancestor: a depository over XML-RPC, as a program of an afternoon has it, and its client of many threads.

    ancestor.py serve PORT FOLDER
    ancestor.py put   PORT SOURCE THREADS    deposits the files under SOURCE, prints files a second
    ancestor.py hello PORT CALLS THREADS     prints calls a second

It gets the two things without which it would look worse than it is: connections that stay open and no Nagle delay.
It forces nothing to disk.
"""

import os
import socketserver
import sys
from xmlrpc.client import Binary, ServerProxy
from xmlrpc.server import SimpleXMLRPCRequestHandler, SimpleXMLRPCServer

from threads import content, files_under, rate


class Handler(SimpleXMLRPCRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True


class Server(socketserver.ThreadingMixIn, SimpleXMLRPCServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that breaks off, as a load generator does at its end, is no news."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def serve(port, folder):
    def put(name, binary):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(binary.data)
        return len(binary.data)

    server = Server(("127.0.0.1", int(port)), requestHandler=Handler, logRequests=False)
    server.register_function(put, "put")
    server.register_function(lambda name: f"Hello, {name}!", "hello")
    server.serve_forever()


def put(port, source, threads):
    def deposit(server, path):
        data = content(path)
        name = os.path.relpath(path, source).replace("/", "_")
        if server.put(name, Binary(data)) != len(data):
            raise OSError(f"{name} came out short")

    print(rate(files_under(source), int(threads), lambda: ServerProxy(f"http://127.0.0.1:{port}"), deposit))


def hello(port, calls, threads):
    def call(server, _):
        server.hello("x")

    print(rate(range(int(calls)), int(threads), lambda: ServerProxy(f"http://127.0.0.1:{port}"), call))


if __name__ == "__main__":
    verbs = {"serve": serve, "put": put, "hello": hello}
    verbs[sys.argv[1]](*sys.argv[2:])
