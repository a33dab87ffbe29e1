package acervo.model;

/// What must be true of a path for a change to take effect; decided by the catalog in the same step as the change.
public sealed interface Condition {
    /// Whatever is there.
    record Any() implements Condition {}

    /// Nothing is there (`If-None-Match: *`).
    record Absent() implements Condition {}

    /// Something is there (`If-Match: *`).
    record Present() implements Condition {}

    /// Exactly this version is there (`If-Match: "17"`).
    record At(Version version) implements Condition {}

    Condition ANY = new Any();
    Condition ABSENT = new Absent();
    Condition PRESENT = new Present();
}
