package acervo.blob;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import org.jspecify.annotations.Nullable;

/// Closes files whose closing can lose nothing: those that were only read, were forced, or are about to be
/// thrown away.
final class Closing {
    private static final Logger LOG = System.getLogger(Closing.class.getName());

    private Closing() {}

    static void quietly(@Nullable DiskFile file) {
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                LOG.log(Level.WARNING, "a file can't be closed", e);
            }
        }
    }
}
