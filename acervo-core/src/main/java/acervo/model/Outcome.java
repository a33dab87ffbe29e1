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

    /// How many rows a [Command.TrimHistory] (past versions and notes of removals) or a [Command.Drain] let go of;
    /// 0 when there is
    /// nothing left to do.
    record Trimmed(int count) implements Outcome {}

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
