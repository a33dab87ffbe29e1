package acervo.blob;

/// A partial blob as [BlobStore#stages] lists it.
///
/// @param bytes that it holds; after a crash fewer may turn out to be whole when it is opened
/// @param modifiedMillis when it last grew, milliseconds since 1970
public record StagedBlob(StageId id, long bytes, long modifiedMillis) {}
