package acervo.blob;

import java.util.UUID;

/// The name of a partial blob.
public record StageId(UUID uuid) {
    @Override
    public String toString() {
        return uuid.toString();
    }
}
