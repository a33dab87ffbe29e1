package acervo.cli;

import acervo.client.AcervoClient;
import acervo.wire.v1.HelloReply;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/// `acervo hello`: the smallest call through the whole stack. Asks for the name when it is missing.
final class Hello implements Verb {
    private static final int MAX_NAME_BYTES = 4096;

    @Override
    public Grammar grammar() {
        return Grammar.of("hello").words(0, Integer.MAX_VALUE);
    }

    @Override
    public int run(Arguments args, Session s) throws IOException {
        String name = String.join(" ", args.words());
        if (name.isBlank()) {
            s.out().prompt(s.texts().get("hello.prompt"));
            name = readLine(s.io().in());
        }
        if (name.isBlank()) {
            throw new UsageException("usage.hello");
        }
        s.doing("hello");
        try (AcervoClient client = s.client(s.server(), null)) {
            HelloReply reply = client.hello(name.strip(), s.texts().language());
            if (s.out().isJson()) {
                JsonWriter json = s.out().document().open();
                json.field("greeting", reply.getGreeting())
                        .field("server", reply.getServerVersion())
                        .close();
            } else {
                s.out().line(s.out().name(reply.getGreeting()));
            }
        }
        return Exit.DONE;
    }

    private static String readLine(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int b = in.read(); b >= 0 && b != '\n' && line.size() < MAX_NAME_BYTES; b = in.read()) {
            line.write(b);
        }
        return line.toString(StandardCharsets.UTF_8);
    }
}
