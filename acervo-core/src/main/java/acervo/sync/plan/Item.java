package acervo.sync.plan;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One file or link that is out of step while a plan is made: its nodes in the three trees, as far as they belong
/// together, and what is to become of it.
final class Item {
    /// What is to become of it.
    enum Fate {
        /// Something is under way, or the feed has not told yet what came of it: nothing is decided.
        HELD,
        /// The mode lets nothing be done.
        LEFT,
        /// Neither side has it.
        FORGET,
        /// Only the local side has it, and the space is to have it.
        UPLOAD,
        /// Only the space has it, and the local side is to have it.
        DOWNLOAD,
        REMOVE_LOCAL,
        REMOVE_REMOTE,
        /// Both sides have something of their own at one path.
        PAIR,
        /// Both sides have it, and it was in step once.
        MERGE
    }

    @Nullable
    Entry s;

    @Nullable
    Entry l;

    @Nullable
    Entry r;

    Fate fate = Fate.LEFT;
    final List<Act> acts = new ArrayList<>(1);
    /// Whether a person was told why it is left alone; who waits for it then waits for long.
    boolean reported;

    Item(@Nullable Entry s, @Nullable Entry l, @Nullable Entry r) {
        this.s = s;
        this.l = l;
        this.r = r;
    }

    /// A path to sort and report by.
    String path() {
        Entry any = l != null ? l : r != null ? r : s;
        return any == null ? "" : any.path;
    }

    long localId() {
        return l != null ? l.local : s != null ? s.local : 0;
    }

    long remoteId() {
        return r != null ? r.remote : s != null ? s.remote : 0;
    }

    void hold() {
        fate = Fate.HELD;
        acts.clear();
    }
}
