package acervo.cli;

import acervo.model.RefusedException;
import acervo.model.ServerProgram;
import acervo.model.SpaceName;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;

/// `acervo serve`: starts a server in this process.
final class Serve implements Verb {
    private static final long DEFAULT_CACHE = 64L << 20;

    @Override
    public Grammar grammar() {
        return Grammar.of("serve")
                .value("--data")
                .value("--listen")
                .value("--cache")
                .values("--folder")
                .values("--share")
                .flag("--ephemeral")
                .value("--port-file")
                .values("--set")
                .words(0, 0);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        ServerProgram.Options options = options(args, s);
        s.doing("serve", options.listenHost(), options.listenPort());
        Optional<ServerProgram> program =
                ServiceLoader.load(ServerProgram.class).findFirst();
        if (program.isEmpty()) {
            throw new IOException(s.texts().get("serve.absent"));
        }
        // The server has its own sentences, and the launcher hides the person's locale from it.
        System.setProperty("acervo.language", s.texts().language());
        return program.get().serve(options);
    }

    /// What the command line says, complete.
    static ServerProgram.Options options(Arguments args, Session s) throws IOException {
        String listen = args.value("--listen").orElse("127.0.0.1:8080");
        int colon = listen.lastIndexOf(':');
        String host = colon < 0 ? listen : listen.substring(0, colon);
        int port = colon < 0 ? 8080 : port(listen.substring(colon + 1), listen);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        }
        if (host.isEmpty()) {
            throw new UsageException("usage.listen", listen);
        }
        Path data = args.value("--data")
                .map(s.io()::path)
                .orElse(s.folders().data())
                .toAbsolutePath()
                .normalize();
        Map<String, String> settings = new LinkedHashMap<>();
        for (String setting : args.values("--set")) {
            int equals = setting.indexOf('=');
            if (equals < 1) {
                throw new UsageException("usage.set", setting);
            }
            settings.put(setting.substring(0, equals), setting.substring(equals + 1));
        }
        return new ServerProgram.Options(
                data,
                host,
                port,
                args.value("--cache").map(Serve::bytes).orElse(DEFAULT_CACHE),
                args.flag("--ephemeral"),
                args.flag("--json"),
                args.flag("--verbose") ? 1 : 0,
                args.values("--share").stream().map(text -> share(text, s)).toList(),
                args.value("--port-file").map(s.io()::path),
                ServeFolders.of(args, host, data, s),
                settings);
    }

    /// Reads `DIR` or `DIR:NAME`. A folder may have a colon in its name: then the name of the space has to be
    /// given.
    private static ServerProgram.Share share(String text, Session s) {
        int colon = text.lastIndexOf(':');
        if (colon >= 0) {
            return new ServerProgram.Share(
                    SpaceNames.parse(text.substring(colon + 1)), folder(text.substring(0, colon), s));
        }
        Path folder = folder(text, s);
        String name = String.valueOf(folder.getFileName()).toLowerCase(Locale.ROOT);
        try {
            return new ServerProgram.Share(new SpaceName(name), folder);
        } catch (RefusedException _) {
            throw new UsageException("usage.share", text);
        }
    }

    private static Path folder(String text, Session s) {
        return s.io().path(text).toAbsolutePath().normalize();
    }

    private static int port(String text, String listen) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new UsageException("usage.listen", listen);
    }

    /// Reads a size: a whole number and K, M, G or T, alone or with `B` or `iB`; each is 1,024 times the one
    /// before.
    static long bytes(String text) {
        int digits = 0;
        while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
            digits++;
        }
        int shift = switch (text.substring(digits).strip()) {
            case "", "B" -> 0;
            case "k", "K", "KB", "KiB" -> 10;
            case "m", "M", "MB", "MiB" -> 20;
            case "g", "G", "GB", "GiB" -> 30;
            case "t", "T", "TB", "TiB" -> 40;
            default -> -1;
        };
        if (digits == 0 || digits > 9 || shift < 0) {
            throw new UsageException("usage.size", text);
        }
        return Long.parseLong(text.substring(0, digits)) << shift;
    }
}
