package acervo.http;

import acervo.http.TestServer.Person;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Gives each test a new server, a client that it knows, and a connection.
abstract class WithServer {
    @TempDir
    Path folder;

    TestServer server;
    Person ana;
    Wired wire;

    @BeforeEach
    final void start() throws IOException {
        server = TestServer.start(folder);
        ana = server.person();
        wire = server.open();
    }

    @AfterEach
    final void stop() throws IOException {
        wire.close();
        server.close();
    }
}
