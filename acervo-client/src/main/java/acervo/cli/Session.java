package acervo.cli;

import acervo.client.AcervoClient;
import acervo.client.Credentials;
import acervo.client.LocalTrouble;
import acervo.client.Progress;
import acervo.client.RetryPolicy;
import acervo.client.ServerAddress;
import acervo.model.Refusal;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What a verb works with: its surroundings, the output, the language, and the client, made when it is first asked for.
final class Session implements AutoCloseable {
    private final Surroundings io;
    private final Texts texts;
    private final Out out;
    private final Folders folders;
    private final Identities identities;
    private final Optional<String> serverOption;
    private final boolean verbose;
    private final List<Problem> problems = new ArrayList<>();

    private @Nullable AcervoClient client;
    private @Nullable Bar bar;
    private Supplier<String> doing = () -> "";

    private record Problem(String what, String kind, String sentence) {}

    Session(Surroundings io, Texts texts, Out out, Optional<String> serverOption, boolean verbose) {
        this.io = io;
        this.texts = texts;
        this.out = out;
        this.folders = Folders.of(io);
        this.identities = new Identities(folders.config());
        this.serverOption = serverOption;
        this.verbose = verbose;
    }

    Surroundings io() {
        return io;
    }

    Texts texts() {
        return texts;
    }

    Out out() {
        return out;
    }

    Folders folders() {
        return folders;
    }

    Identities identities() {
        return identities;
    }

    boolean verbose() {
        return verbose;
    }

    /// Says what is being done, for the message if it fails.
    void doing(String key, Object... arguments) {
        doing = () -> texts.get("doing." + key, arguments);
    }

    String doing() {
        return doing.get();
    }

    /// The server that is meant: `--server`, else `ACERVO_SERVER`, else what `login` remembered, else the usual
    /// one.
    ///
    /// @throws UsageException when the address can't be understood
    ServerAddress server() throws IOException {
        String given = serverOption.orElse(io.variable("ACERVO_SERVER"));
        return given.isEmpty() ? identities.remembered().orElse(ServerAddress.DEFAULT) : address(given);
    }

    /// Whether a server was named for this command.
    boolean isServerNamed() {
        return serverOption.isPresent() || !io.variable("ACERVO_SERVER").isEmpty();
    }

    static ServerAddress address(String text) {
        try {
            return ServerAddress.parse(text);
        } catch (IllegalArgumentException _) {
            throw new UsageException("usage.server", text);
        }
    }

    /// The client, as who this machine is to the server; on first use an identity is made, and said so.
    AcervoClient client() throws IOException {
        AcervoClient c = client;
        if (c == null) {
            c = connect(server());
            client = c;
        }
        return c;
    }

    /// A client for `server`, with the identity that is there, or a new one.
    AcervoClient connect(ServerAddress server) throws IOException {
        return connect(server, io.policy());
    }

    /// The same with another patience.
    AcervoClient connect(ServerAddress server, RetryPolicy policy) throws IOException {
        Optional<Identities.Identity> there = identities.load(server);
        if (there.isPresent() && there.get().registered()) {
            return client(server, there.get().credentials(), policy);
        }
        try (FileChannel _ = identities.lock()) {
            // Another process may have made one while this one waited.
            there = identities.load(server);
            if (there.isPresent() && there.get().registered()) {
                return client(server, there.get().credentials(), policy);
            }
            Credentials fresh = there.map(Identities.Identity::credentials).orElseGet(Credentials::random);
            if (there.isEmpty()) {
                // On disk before the server hears of it: a secret must not be lost between the two.
                identities.save(server, new Identities.Identity(fresh, false));
            }
            AcervoClient c = client(server, fresh, policy);
            c.register(fresh);
            identities.save(server, new Identities.Identity(fresh, true));
            out.error(texts.get("identity.new", fresh.id(), server, identities.file(server)));
            return c;
        }
    }

    AcervoClient client(ServerAddress server, @Nullable Credentials who) {
        return client(server, who, io.policy());
    }

    private AcervoClient client(ServerAddress server, @Nullable Credentials who, RetryPolicy policy) {
        return new AcervoClient(server, who, folders.uploads(), policy);
    }

    /// A progress bar when a person looks on, otherwise nothing.
    Progress progress(String label) {
        if (!io.errIsTerminal()) {
            return Progress.NONE;
        }
        Bar b = new Bar(io, texts, out.errorName(label));
        bar = b;
        return b;
    }

    /// Takes the progress bar away, so that lines can be printed.
    void endProgress() {
        if (bar != null) {
            bar.end();
            bar = null;
        }
    }

    /// Prints trouble with one file, and puts it into the list that is open in the JSON document.
    void problem(LocalTrouble trouble) {
        String sentence =
                texts.get("trouble." + trouble.kind().name(), out.errorName(trouble.path()), trouble.detail());
        problem(trouble.path(), trouble.kind().name().toLowerCase(Locale.ROOT), sentence);
    }

    /// The same for a refusal that concerns one file.
    void problem(String what, Refusal refusal) {
        String sentence = texts.get("problem.refused", out.errorName(what), out.errorName(texts.refusal(refusal)));
        problem(what, refusal.reason().name().toLowerCase(Locale.ROOT), sentence);
    }

    /// The same for anything else, with its sentence.
    ///
    /// @param kind for programs
    synchronized void problem(String what, String kind, String sentence) {
        if (bar != null) {
            bar.pause();
        }
        out.error("acervo: " + sentence);
        if (out.isJson()) {
            problems.add(new Problem(what, kind, sentence));
        }
    }

    /// Writes the problems so far as a field of the JSON document.
    void writeProblems() {
        if (out.isJson()) {
            JsonWriter json = out.document().name("problems").openList();
            for (Problem p : problems) {
                json.open()
                        .field("what", p.what())
                        .field("kind", p.kind())
                        .field("message", p.sentence())
                        .close();
            }
            json.closeList();
        }
    }

    @Override
    public void close() {
        endProgress();
        if (client != null) {
            client.close();
        }
    }
}
