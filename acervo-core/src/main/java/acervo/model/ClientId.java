package acervo.model;

import java.util.UUID;

/// The id of an identity that owns a home space and reconnects with its secret.
public record ClientId(UUID uuid) implements Comparable<ClientId> {
    /// Reads the 36-character form of a UUID.
    ///
    /// @throws IllegalArgumentException for anything else
    public static ClientId parse(String text) {
        UUID uuid = UUID.fromString(text);
        if (!uuid.toString().equalsIgnoreCase(text)) {
            throw new IllegalArgumentException("not a UUID in its full form: " + text);
        }
        return new ClientId(uuid);
    }

    @Override
    public int compareTo(ClientId other) {
        return uuid.compareTo(other.uuid);
    }

    @Override
    public String toString() {
        return uuid.toString();
    }
}
