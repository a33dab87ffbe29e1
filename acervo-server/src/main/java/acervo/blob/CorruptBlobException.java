package acervo.blob;

import acervo.model.BlobId;

/// The bytes on disk are not those that were stored. Whoever meets it calls [BlobStore#quarantine].
public final class CorruptBlobException extends StoreException {
    private static final long serialVersionUID = 1;

    private final transient BlobId id;

    public CorruptBlobException(BlobId id, String what) {
        super("blob " + id + ": " + what, null);
        this.id = id;
    }

    public BlobId id() {
        return id;
    }
}
