package acervo.blob;

/// Writing would eat into the reserve. Passes by itself when there is room again.
public final class StoreFullException extends StoreException {
    private static final long serialVersionUID = 1;

    private final long freeBytes;
    private final long reserveBytes;

    public StoreFullException(long freeBytes, long reserveBytes) {
        super("the disk is full: " + freeBytes + " bytes free, " + reserveBytes + " kept in reserve", null);
        this.freeBytes = freeBytes;
        this.reserveBytes = reserveBytes;
    }

    public long freeBytes() {
        return freeBytes;
    }

    public long reserveBytes() {
        return reserveBytes;
    }
}
