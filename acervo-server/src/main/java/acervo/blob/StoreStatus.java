package acervo.blob;

import java.util.Optional;

/// A store's room and health.
///
/// @param blobs how many it holds
/// @param bytes bytes of those blobs
/// @param freeBytes what the file system has left
/// @param reserveBytes what must stay free
/// @param quarantined copies in quarantine
/// @param failure what broke it for writing, if anything did
public record StoreStatus(
        long blobs, long bytes, long freeBytes, long reserveBytes, long quarantined, Optional<String> failure) {
    public boolean full() {
        return freeBytes < reserveBytes;
    }
}
