package acervo.sync;

import acervo.model.FilePath;
import acervo.sync.plan.Operation;
import java.util.List;
import java.util.Optional;

/// What is in step, what is not and why, at one moment.
///
/// @param phase what the engine is at
/// @param detail what was seen, in English, where the phase is a trouble; else empty
/// @param inStep files and links that all three trees agree on
/// @param bytesInStep their bytes
/// @param brake what a person has to agree to before anything is done
/// @param next what is under way or will be done next, in order; at most [#LISTED]
/// @param todo counts of all that is under way or to be done
/// @param open what is not in step and stays so for now, by path; at most [#LISTED]
/// @param openCount how many those are in all
/// @param conflicts files that bear the name of a conflict; a person has to look at them; at most [#LISTED]
/// @param conflictCount how many those are in all
/// @param since what was done since the engine was started
public record Status(
        Phase phase,
        String detail,
        long inStep,
        long bytesInStep,
        Optional<Brake> brake,
        List<Operation> next,
        Todo todo,
        List<Open> open,
        long openCount,
        List<FilePath> conflicts,
        long conflictCount,
        Since since) {
    /// The most entries of each list.
    public static final int LISTED = 1_000;

    public Status {
        next = List.copyOf(next);
        open = List.copyOf(open);
        conflicts = List.copyOf(conflicts);
    }

    /// What the engine is at.
    public enum Phase {
        /// The folder is scanned and the feed is read.
        STARTING,
        WORKING,
        /// Nothing is left to do that can be done; what can't stands in [Status#open].
        IN_STEP,
        /// So much would be removed that nothing is done until a person agrees ([Sync#confirm]) or has it put
        /// back ([Sync#putBack]).
        BRAKED,
        /// The folder is not there, or is another one. Goes on by itself when it is back.
        ROOT_LOST,
        /// The server can't be reached. Tried again by itself.
        OFFLINE,
        /// The server says no: no right, or no such space. Tried again by itself, at long intervals.
        REFUSED,
        /// The index can't be written, or a bug was met: the engine has stopped.
        BROKEN,
        CLOSED
    }

    /// A removal that is held until a person agrees.
    ///
    /// @param removals files and links that would be removed on one side
    /// @param of files and links that were in step
    /// @param local whether they would be removed from the folder; else from the space
    /// @param some paths of them, at most 10
    public record Brake(int removals, int of, boolean local, List<FilePath> some) {
        public Brake {
            some = List.copyOf(some);
        }
    }

    /// Counts of what is under way or to be done.
    ///
    /// @param others folders, times and executable bits, and names of conflicts
    public record Todo(
            int uploads, long bytesUp, int downloads, long bytesDown, int renames, int removals, int others) {}

    /// What was done since the engine was started. Bytes are those of whole files, not those that went over the
    /// wire.
    public record Since(
            long uploads, long bytesUp, long downloads, long bytesDown, long renames, long removals, long conflicts) {}

    /// Something that is not in step and stays so for now.
    ///
    /// @param path what it is about, printable; it may be a name that no space can hold
    /// @param detail what was seen, in English; empty where `why` says it all
    /// @param retryInMillis when it is tried again by itself; 0 for: when something changes
    public record Open(String path, Why why, String detail, long retryInMillis) {}

    /// Why something is not in step.
    public enum Why {
        /// The disk can't hold the name.
        NAME_RESERVED,
        /// The disk takes the name for another's, which differs only in case or in how characters are composed.
        NAME_TAKEN,
        /// A folder is where a file should be, or the other way round, and the mode lets neither be renamed.
        IN_THE_WAY,
        /// It differs, and the mode lets changes go the other way only.
        ONE_WAY,
        /// The disk can't read, watch or hold it: `detail` says what was seen.
        LOCAL,
        /// The server refused it: `detail` is its sentence.
        REFUSED,
        /// It changes whenever it is looked at.
        CHANGING,
        /// It came broken from the server, or could not be written: `detail` says what was seen.
        FAILED
    }
}
