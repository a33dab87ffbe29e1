package acervo.client;

import acervo.model.BlobId;
import acervo.model.RefusedException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Small files that are recovered together. Each goes the way that any file goes: it is verified (here in memory,
/// before
/// anything is written), becomes a [PartFile], is **forced**, and only then gets its name. So whenever the process dies
/// or the power fails, a name stands for whole bytes or is not there.
///
/// What is shared is only the waiting: the requests go out one behind the other without waiting for answers, and the
/// parts are forced at the same time, which a file system with a journal makes a few commits of. One thread.
final class Handful {
    /// Larger files are worth a connection and a resumable part of their own. In bytes.
    static final long LARGEST = 1 << 20;

    /// How many requests may wait for their answers, in number and in bytes: so few that the system's buffers hold
    /// them, whether or not the server reads on before it has answered.
    private static final int ASKED = 64;

    private static final int ASKED_BYTES = 16 * 1024;

    private final Transport transport;
    private final boolean force;
    private final Forcing forcing;
    private final Fates fates;
    /// How many to ask for at once: one after a failure, since a server that refuses one and closes may lose its
    /// answer
    /// to the requests behind it.
    private int atOnce = ASKED;

    private final List<Written> written = new ArrayList<>();
    private final List<Recoveries.Task> alone = new ArrayList<>();

    /// Told what became of each file.
    interface Fates {
        void recovered(Recoveries.Task task, RemoteFacts facts, boolean alreadyThere);

        void failed(LocalTroubleException trouble);

        void refused(Recoveries.Task task, RefusedException refusal);
    }

    private record Written(Recoveries.Task task, RemoteFacts facts, PartFile part, Future<Void> forced) {}

    /// Begins to force a part.
    @FunctionalInterface
    interface Forcing {
        Future<Void> begin(PartFile part);
    }

    /// @param force whether different files that are there may be replaced
    /// @param forcing does as many at once as are worth it
    Handful(Transport transport, boolean force, Forcing forcing, Fates fates) {
        this.transport = transport;
        this.force = force;
        this.forcing = forcing;
        this.fates = fates;
    }

    /// Recovers them.
    ///
    /// @return those that need a [Download] of their own: an earlier process left a part, or the file has grown
    /// @throws UnreachableException when the server is; the others are recovered then
    List<Recoveries.Task> run(List<Recoveries.Task> tasks) {
        try {
            fetch(new ArrayDeque<>(tasks.stream().filter(this::isMissing).toList()));
        } finally {
            written.forEach(this::finish);
        }
        return alone;
    }

    private boolean isMissing(Recoveries.Task task) {
        try {
            if (!Files.exists(task.to())) {
                return true;
            }
            RemoteFacts facts = task.facts();
            if (facts == null) {
                // Asks for them first: the bytes may not be needed.
                alone.add(task);
                return false;
            }
            if (!Download.isThere(facts, task.to(), force)) {
                return true;
            }
            fates.recovered(task, facts, true);
        } catch (LocalTroubleException e) {
            fates.failed(e);
        }
        return false;
    }

    private void fetch(Deque<Recoveries.Task> left) {
        Patience patience = transport.patience();
        while (!left.isEmpty()) {
            try {
                transport.once(c -> fetch(c, left, patience));
            } catch (IOException e) {
                atOnce = 1;
                patience.afterFailure(e);
            }
        }
    }

    /// Takes from `left` what was answered.
    private boolean fetch(HttpConnection c, Deque<Recoveries.Task> left, Patience patience) throws IOException {
        while (!left.isEmpty()) {
            for (int asked = ask(c, left); asked > 0; asked--) {
                Response answer = c.readHead(false);
                Recoveries.Task task = left.element();
                try {
                    RemoteFacts now = RemoteFacts.of(answer.orThrow());
                    if (now.size() > LARGEST) {
                        alone.add(left.remove());
                        // Its bytes stand in the way of the answers behind it.
                        c.spoil();
                        return false;
                    }
                    write(task, now, answer.bytes());
                } catch (RefusedException e) {
                    fates.refused(task, e);
                }
                left.remove();
                patience.progress();
            }
            atOnce = ASKED;
        }
        return true;
    }

    private int ask(HttpConnection c, Deque<Recoveries.Task> left) throws IOException {
        StringBuilder heads = new StringBuilder(ASKED_BYTES);
        int asked = 0;
        for (Recoveries.Task task : left) {
            StringBuilder head = transport.head(c, "GET", task.file().target("/v1/files"));
            if (asked == atOnce || (asked > 0 && heads.length() + head.length() > ASKED_BYTES)) {
                break;
            }
            heads.append(head).append("\r\n");
            asked++;
        }
        c.write(ByteBuffer.wrap(heads.toString().getBytes(StandardCharsets.ISO_8859_1)));
        return asked;
    }

    private void write(Recoveries.Task task, RemoteFacts facts, byte[] content) {
        BlobId got = BlobId.of(HashLane.sha256().digest(content));
        if (!got.equals(facts.sha256())) {
            fates.failed(new LocalTroubleException(
                    LocalTrouble.Kind.DAMAGED, task.file().toString(), "SHA-256 " + got + " / " + facts.sha256()));
            return;
        }
        PartFile part = null;
        try {
            part = PartFile.fresh(task.to()).orElse(null);
            if (part == null) {
                alone.add(task);
                return;
            }
            part.write(ByteBuffer.wrap(content), 0);
            part.dress(facts);
            written.add(new Written(task, facts, part, forcing.begin(part)));
        } catch (IOException e) {
            fates.failed(unwritable(task, e));
            if (part != null) {
                part.abandon();
            }
        } catch (LocalTroubleException e) {
            fates.failed(e);
        }
    }

    /// Waits for the force, without which there is no name.
    private void finish(Written one) {
        try (PartFile part = one.part()) {
            one.forced().get();
            part.name(force);
            fates.recovered(one.task(), one.facts(), false);
        } catch (LocalTroubleException e) {
            fates.failed(e);
        } catch (ExecutionException e) {
            fates.failed(unwritable(one.task(), e.getCause() instanceof IOException io ? io : new IOException(e)));
        } catch (IOException e) {
            fates.failed(unwritable(one.task(), e));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while recovering", e);
        }
    }

    private static LocalTroubleException unwritable(Recoveries.Task task, IOException e) {
        return LocalTroubleException.of(LocalTrouble.Kind.UNWRITABLE, task.to().toString(), e);
    }
}
