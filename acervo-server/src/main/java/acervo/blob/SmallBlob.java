package acervo.blob;

import acervo.model.BlobId;
import java.nio.ByteBuffer;

/// A blob that fits in memory, with its name already computed.
///
/// @param bytes from position to limit; neither changed by the store nor kept after the call
public record SmallBlob(BlobId id, ByteBuffer bytes) {}
