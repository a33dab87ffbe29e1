package acervo.model;

/// A row of a space's feed: the latest thing that happened to one file. A file has one row at a time; a newer
/// change replaces it.
public sealed interface Change {
    /// The change's place in the space's order.
    Version version();

    /// The file was deposited, replaced or renamed; this is what is there now.
    record Present(FileEntry entry) implements Change {
        @Override
        public Version version() {
            return entry.version();
        }
    }

    /// The file was removed.
    ///
    /// @param id the file's id
    /// @param path where it stood last
    record Absent(long id, FilePath path, Version version, long atMillis, ClientId author) implements Change {}
}
