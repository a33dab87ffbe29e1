package acervo.sync.remote;

import acervo.client.Transport;
import acervo.model.Reason;
import acervo.model.RefusedException;
import acervo.model.Version;
import acervo.sync.LocalBytes;
import acervo.sync.Stage;
import acervo.sync.plan.RemoteNode;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Fetches large versions: what the local file has already is taken from there, the rest in ranges ([Receiving]).
final class LargeFetch {
    private static final int REMEMBERED = 1_000;

    private final Transport transport;
    private final Part part;
    private final Comparison.Remote sums;

    /// What was put together from parts lately. If it is asked for again from its first byte, it had the wrong
    /// hash:
    /// then all of it is fetched.
    private final Map<Version, Boolean> composed = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Version, Boolean> eldest) {
            return size() > REMEMBERED;
        }
    };

    LargeFetch(Transport transport, Part part, Comparison.Remote sums) {
        this.transport = transport;
        this.part = part;
        this.sums = sums;
    }

    /// @throws IOException when the stage can't be written
    void fetch(RemoteNode version, Stage stage) throws IOException {
        List<Run> same = same(version, stage);
        try {
            new Receiving(transport, part, version, stage, same).run();
        } catch (LocalChangeException _) {
            // What it was copied from is not what it was. What is in the stage may be right or wrong.
            new Receiving(transport, part, version, stage, List.of()).run();
        }
    }

    private List<Run> same(RemoteNode version, Stage stage) {
        long size = version.content().size();
        LocalBytes old = stage.replaced();
        if (old == null || old.size() < Comparison.PIECE || size > Comparison.MOST_BYTES) {
            return List.of();
        }
        synchronized (composed) {
            if (stage.position() == 0 && composed.remove(version.version()) != null) {
                return List.of();
            }
        }
        List<Run> same;
        try {
            same = Comparison.down(sums, version, old);
        } catch (RefusedException e) {
            Reason reason = e.refusal().reason();
            if (reason == Reason.VERSION_CHANGED || reason == Reason.NO_SUCH_FILE || reason == Reason.NO_SUCH_SPACE) {
                throw e;
            }
            // A server that knows no sums.
            return List.of();
        } catch (IOException _) {
            // The local file can't be read, or has become shorter.
            return List.of();
        }
        synchronized (composed) {
            if (!same.isEmpty()) {
                composed.put(version.version(), true);
            }
        }
        return same;
    }
}
