package acervo.sync.plan;

import acervo.model.FilePath;

/// Something that is left alone, and why.
public record Report(Trouble trouble, FilePath path) {
    /// Why something is left alone.
    public enum Trouble {
        /// The disk can't hold the name.
        NAME_RESERVED,
        /// The disk takes the name for that of something else, which differs only in case or in how characters
        /// are composed.
        NAME_TAKEN,
        /// A folder is where a file should be, or the other way round, and the mode allows to rename neither.
        IN_THE_WAY,
        /// It differs, and the mode lets changes go the other way only.
        ONE_WAY
    }
}
