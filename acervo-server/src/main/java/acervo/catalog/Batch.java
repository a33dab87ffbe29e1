package acervo.catalog;

import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.Outcome;
import acervo.model.RequestId;
import acervo.model.Stamp;
import acervo.model.Stamped;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;

/// Commands that travel in one entry of the log, and those who wait for them.
final class Batch {
    /// A command that somebody waits for.
    static final class Waiting {
        private final Command command;
        private final ClientId author;
        private final RequestId request;
        private final byte[] encoded;
        private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();

        /// @param encoded the command's bytes, without a stamp
        Waiting(Command command, ClientId author, RequestId request, byte[] encoded) {
            this.command = command;
            this.author = author;
            this.request = request;
            this.encoded = encoded;
        }

        Command command() {
            return command;
        }

        Stamp stamp(long millis) {
            return new Stamp(millis, author, request);
        }

        byte[] encoded() {
            return encoded;
        }

        CompletableFuture<Outcome> outcome() {
            return outcome;
        }
    }

    private final List<Waiting> waiting;
    private final List<Stamped> commands;
    private final byte[] bytes;
    private final Runnable onCommitted;
    private final Consumer<Batch> onEnd;
    private final AtomicBoolean committed = new AtomicBoolean();

    /// @param onCommitted called once, when the entry is known to be forced, or when it is given up
    /// @param onEnd called when it is applied or given up
    Batch(List<Waiting> waiting, List<Stamped> commands, byte[] bytes, Runnable onCommitted, Consumer<Batch> onEnd) {
        this.waiting = waiting;
        this.commands = commands;
        this.bytes = bytes;
        this.onCommitted = onCommitted;
        this.onEnd = onEnd;
    }

    byte[] bytes() {
        return bytes;
    }

    List<Stamped> commands() {
        return commands;
    }

    /// The entry is on disk, forced.
    void committed() {
        if (committed.compareAndSet(false, true)) {
            onCommitted.run();
        }
    }

    /// What the commands did is visible.
    void applied(List<Outcome> outcomes) {
        for (int i = 0; i < outcomes.size(); i++) {
            waiting.get(i).outcome().complete(outcomes.get(i));
        }
        onEnd.accept(this);
    }

    /// Those who still wait hear that it can't be known whether the commands took effect.
    void failed(Throwable cause) {
        for (Waiting one : waiting) {
            one.outcome().completeExceptionally(cause);
        }
        committed();
        onEnd.accept(this);
    }
}
