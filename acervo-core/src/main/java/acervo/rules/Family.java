package acervo.rules;

/// Tables that are read and written alike and are kept together: a column family of RocksDB.
public enum Family {
    /// Few rows, asked for all the time: counts, clients, spaces, roles, nodes.
    META("default"),
    /// One row per file and per folder with something in it.
    FILES("files"),
    /// What happened: feeds and the history.
    CHANGES("changes"),
    /// One row per blob, and those that nothing refers to.
    BLOBS("blobs"),
    /// Outcomes by request id, gone after a day.
    REQUESTS("requests"),
    /// Who waits for what, and the notices that wait for them.
    INBOXES("inboxes");

    private final String text;

    Family(String text) {
        this.text = text;
    }

    /// The stored name; never changes.
    public String text() {
        return text;
    }
}
