package acervo.watch;

/// What a [Watch] tells. Paths are relative to the watched folder, names joined by `/`; the folder itself is `""`.
public sealed interface WatchEvent {
    /// Something happened to the file, link or folder of this name, or it is new or gone.
    ///
    /// @param whole whether whoever wrote it has finished: it was closed, or renamed to this name
    record Touched(String path, boolean whole) implements WatchEvent {}

    /// A folder is here that was not, and is watched by now: what is in it may be older than the watch, so all of
    /// it is to be looked at.
    record Appeared(String folder) implements WatchEvent {}

    /// Events were lost: everything is to be looked at.
    record Missed() implements WatchEvent {}

    /// The system watches no more folders: only looking again and again finds what happens there.
    ///
    /// @param advice what a person can do about it, in English
    record Blind(String advice) implements WatchEvent {}

    /// The watched folder itself was removed, renamed or unmounted.
    record RootGone() implements WatchEvent {}
}
