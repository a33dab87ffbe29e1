package acervo.depot;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Gives each test a new [World].
abstract class WithWorld {
    @TempDir
    Path folder;

    World world;

    @BeforeEach
    final void open() {
        world = make();
    }

    @AfterEach
    final void close() {
        world.close();
    }

    World make() {
        return new World(folder);
    }
}
