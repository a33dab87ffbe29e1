package acervo.model;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/// What was built. The build fills it in, once for client and server.
public final class Build {
    private Build() {}

    /// The version, such as `0.1.0`.
    public static String version() {
        Properties build = new Properties();
        try (InputStream in = Build.class.getResourceAsStream("build.properties")) {
            build.load(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return build.getProperty("version", "");
    }
}
