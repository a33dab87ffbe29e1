package acervo.model;

import java.util.List;

/// What became of a [Command]: kept with its request id, so that a retry gets the same one.
public sealed interface Outcome {
    /// The whole command was refused and nothing changed.
    record Refused(Refusal refusal) implements Outcome {}

    /// Done, with nothing more to say.
    record Done() implements Outcome {}

    /// One result per item, in the items' order.
    record Files(List<Result> results) implements Outcome {
        public Files {
            results = List.copyOf(results);
        }
    }

    /// The blobs that are forgotten: their bytes may be removed.
    record Forgotten(List<BlobId> blobs) implements Outcome {
        public Forgotten {
            blobs = List.copyOf(blobs);
        }
    }

    /// How many rows a [Command.TrimHistory] (past versions and notes of removals), a [Command.Drain] or a
    /// [Command.ExpireInterests] let go of, 0 when there is nothing left to do; or how many interests or notices a
    /// [Command.Unwant] or a [Command.Acknowledge] found and let go of.
    record Trimmed(int count) implements Outcome {}

    /// What a [Command.Want] found, and the interest that it made.
    ///
    /// @param interest its number; 0 when there was no need for one
    /// @param seen the newest version that was looked at
    /// @param there what matches and came after the version up to which the caller had looked, oldest first
    record Wanted(long interest, long seen, List<FileEntry> there) implements Outcome {
        public Wanted {
            there = List.copyOf(there);
        }
    }

    /// What became of one item.
    sealed interface Result {
        /// The change is made, or was not needed; this is what is there now.
        ///
        /// @param changed false when nothing had to be done (the same content was there)
        record Now(FileEntry entry, boolean changed) implements Result {}

        /// The file is gone; `version` is that of its removal.
        record Gone(FilePath path, Version version) implements Result {}

        /// This item was refused; the others are not touched by that.
        record No(FilePath path, Refusal refusal) implements Result {}
    }

    Done DONE = new Done();
}
