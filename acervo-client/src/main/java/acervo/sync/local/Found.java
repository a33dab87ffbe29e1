package acervo.sync.local;

import acervo.watch.Stat;
import acervo.watch.Waiting.Wait;

/// A file or link whose facts are not those of the index.
///
/// @param evenBusy whether it is to be read even while someone writes it: it was waited for long enough
record Found(Wait waited, Stat stat, boolean evenBusy) {
    String path() {
        return waited.path();
    }
}
