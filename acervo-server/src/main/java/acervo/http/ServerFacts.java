package acervo.http;

import acervo.model.NodeId;
import java.util.concurrent.TimeUnit;

/// What a server tells of itself.
///
/// @param startedNanos `System.nanoTime()` at its start
public record ServerFacts(String version, NodeId node, long startedNanos) {
    long uptimeSeconds() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedNanos);
    }
}
