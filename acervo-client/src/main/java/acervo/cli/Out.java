package acervo.cli;

import acervo.client.OutputException;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Where a command prints: text for a person, or one JSON document for a program; UTF-8 whatever Java believes.
/// Sentences
/// about trouble go to the error stream. One thread, but for [#error].
final class Out {
    private final OutputStream out;
    private final OutputStream err;
    private final boolean outIsTerminal;
    private final boolean errIsTerminal;
    private final boolean json;
    private JsonWriter document = new JsonWriter();
    private boolean spilled;

    Out(Surroundings io, boolean json) {
        this.out = new BufferedOutputStream(io.out(), 16 * 1024);
        this.err = io.err();
        this.outIsTerminal = io.outIsTerminal();
        this.errIsTerminal = io.errIsTerminal();
        this.json = json;
    }

    /// Whether the answer is to be JSON; then [#line] prints nothing.
    boolean isJson() {
        return json;
    }

    /// The JSON document to write into.
    JsonWriter document() {
        return document;
    }

    /// One line for a person.
    void line(String text) {
        if (!json) {
            raw(text + "\n");
        }
    }

    /// Text without an end of line, shown at once: a question.
    void prompt(String text) {
        if (json) {
            write(err, text);
        } else {
            raw(text);
            flush();
        }
    }

    /// Exactly this, on the standard output.
    void raw(String text) {
        write(out, text);
    }

    /// Hands on what is there of the JSON document.
    void spill() {
        if (json) {
            spilled = true;
            raw(document.take());
        }
    }

    /// A document for an error: a new one, unless a part of the answer is out already; then the error is its last
    /// field.
    JsonWriter errorDocument() {
        if (spilled) {
            return document.unwind();
        }
        document = new JsonWriter();
        return document.open();
    }

    /// One line on the error stream.
    synchronized void error(String text) {
        write(err, text + "\n");
    }

    /// The stream itself, for a file's bytes.
    OutputStream bytes() {
        return out;
    }

    /// A name, such that it can't move the cursor or turn the line round when a person looks at it.
    String name(String name) {
        return outIsTerminal ? printable(name) : name;
    }

    /// The same for the error stream.
    String errorName(String name) {
        return errIsTerminal ? printable(name) : name;
    }

    static String printable(String name) {
        StringBuilder safe = new StringBuilder(name.length());
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean turns = c >= 0x202A && c <= 0x202E || c >= 0x2066 && c <= 0x2069 || c == 0x200E || c == 0x200F;
            if (c < 0x20
                    || c >= 0x7F && c < 0xA0
                    || turns
                    || c == 0x2028
                    || c == 0x2029
                    || c == 0xFEFF
                    || c == 0x061C) {
                String hex = Integer.toHexString(c);
                safe.append("\\u").append("0000".substring(hex.length())).append(hex);
            } else {
                safe.append(c);
            }
        }
        return safe.toString();
    }

    /// Ends the output: the rest of the document, a last line's end.
    void finish() {
        if (json) {
            String rest = document.take();
            raw(rest + "\n");
        }
        flush();
    }

    void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }

    private void write(OutputStream to, String text) {
        try {
            to.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new OutputException(e);
        }
    }
}
