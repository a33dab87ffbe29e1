package acervo.http;

import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line per request, when the level asks for it: at INFO without the names of files, at DEBUG with them. Never a
/// header. Writing the lines is the log's own thread's work, and it drops some rather than hold up an answer.
final class AccessLog {
    private static final Logger LOG = LoggerFactory.getLogger("acervo.access");

    private AccessLog() {}

    static boolean isOn() {
        return LOG.isInfoEnabled();
    }

    /// @param client whose request it was, or `-`
    static void line(
            HttpServerRequest request, String address, String client, String operation, int status, long nanos) {
        if (LOG.isDebugEnabled()) {
            LOG.debug(
                    "{} {} {} {} {} {} us",
                    address,
                    client,
                    request.method(),
                    acervo.model.FilePath.printable(request.uri()),
                    status,
                    nanos / 1000);
        } else {
            LOG.info("{} {} {} {} {} us", address, client, operation, status, nanos / 1000);
        }
    }
}
