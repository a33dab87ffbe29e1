package acervo.model;

/// What a deposit puts at a path, apart from the path.
///
/// @param blob the content; [BlobId#EMPTY] for no bytes and for folders
/// @param size bytes of the content, 0 or more
/// @param modifiedMillis when the client's file was last changed, in milliseconds since 1970; the client's word, never
/// an order
/// @param executable whether the owner may run it
public record Content(Kind kind, BlobId blob, long size, long modifiedMillis, boolean executable) {
    public Content {
        if (size < 0) {
            throw new IllegalArgumentException("a size can't be negative: " + size);
        }
    }
}
