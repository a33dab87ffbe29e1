package acervo.client;

import acervo.model.BlobId;
import java.nio.file.Path;

/// A file that is on this machine now, whole and verified.
///
/// @param size in bytes
/// @param alreadyThere whether the same content was there before, and nothing was written
public record Recovered(RemoteFile file, Path to, long version, BlobId sha256, long size, boolean alreadyThere) {}
