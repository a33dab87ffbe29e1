package acervo.sync.local;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// A folder on this machine's disk that is watched while a test runs.
abstract class LiveTest {
    @TempDir
    Path temp;

    LiveFolder live;

    @BeforeEach
    void start() throws IOException, InterruptedException {
        live = LiveFolder.started(temp);
    }

    @AfterEach
    void close() {
        live.close();
    }
}
