package acervo.model;

import java.util.UUID;

/// The id of a machine that holds replicas.
public record NodeId(UUID uuid) implements Comparable<NodeId> {
    /// Reads the 36-character form of a UUID.
    ///
    /// @throws IllegalArgumentException for anything else
    public static NodeId parse(String text) {
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not a UUID in its full form: " + text);
        }
        return new NodeId(uuid);
    }

    @Override
    public int compareTo(NodeId other) {
        return uuid.compareTo(other.uuid);
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
