package acervo.model;

import java.util.UUID;

/// The id of one attempt of a client to change something; a retry carries the same id and takes effect once.
public record RequestId(UUID uuid) implements Comparable<RequestId> {
    /// Reads the 36-character form of a UUID.
    ///
    /// @throws IllegalArgumentException for anything else
    public static RequestId parse(String text) {
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not a UUID in its full form: " + text);
        }
        return new RequestId(uuid);
    }

    @Override
    public int compareTo(RequestId other) {
        return uuid.compareTo(other.uuid);
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
