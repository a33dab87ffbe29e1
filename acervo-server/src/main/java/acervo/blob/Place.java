package acervo.blob;

/// Where a blob lies.
sealed interface Place {
    /// Bytes of the blob.
    long length();

    /// In a segment.
    ///
    /// @param offset of its record
    record Packed(long segment, long offset, int size) implements Place {
        @Override
        public long length() {
            return size;
        }
    }

    /// In a file of its own.
    ///
    /// @param named whether the file has its name for certain; else it is just getting it
    record Large(long length, boolean named) implements Place {}
}
