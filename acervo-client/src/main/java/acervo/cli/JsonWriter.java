package acervo.cli;

/// Writes JSON, piece by piece, into a text. Commas are put in as needed.
final class JsonWriter {
    private final StringBuilder text = new StringBuilder();
    private final StringBuilder open = new StringBuilder();
    private boolean comma;

    JsonWriter open() {
        return mark('{');
    }

    JsonWriter close() {
        return end('}');
    }

    JsonWriter openList() {
        return mark('[');
    }

    JsonWriter closeList() {
        return end(']');
    }

    private JsonWriter end(char c) {
        text.append(c);
        open.setLength(open.length() - 1);
        comma = true;
        return this;
    }

    /// Ends all that is open but the outermost object.
    JsonWriter unwind() {
        while (open.length() > 1) {
            end(open.charAt(open.length() - 1) == '{' ? '}' : ']');
        }
        return this;
    }

    private JsonWriter mark(char c) {
        separate();
        text.append(c);
        open.append(c);
        comma = false;
        return this;
    }

    JsonWriter name(String name) {
        separate();
        quote(name);
        text.append(':');
        comma = false;
        return this;
    }

    JsonWriter value(String value) {
        separate();
        quote(value);
        comma = true;
        return this;
    }

    JsonWriter value(long value) {
        separate();
        text.append(value);
        comma = true;
        return this;
    }

    JsonWriter value(boolean value) {
        separate();
        text.append(value);
        comma = true;
        return this;
    }

    /// A value that is JSON already.
    JsonWriter json(String value) {
        separate();
        text.append(value);
        comma = true;
        return this;
    }

    JsonWriter field(String name, String value) {
        return name(name).value(value);
    }

    JsonWriter field(String name, long value) {
        return name(name).value(value);
    }

    JsonWriter field(String name, boolean value) {
        return name(name).value(value);
    }

    /// What was written since the last time; the place in the document is kept.
    String take() {
        String taken = text.toString();
        text.setLength(0);
        return taken;
    }

    private void separate() {
        if (comma) {
            text.append(',');
        }
    }

    private void quote(String s) {
        text.append('"');
        for (int i = 0; i < s.length(); i++) {
            char c = s.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < 0x20 || c == 0x7F || Character.isSurrogate(c) && !paired(s, i)) {
                        text.append("\\u").append(hex(c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private static boolean paired(String s, int i) {
        char c = s.charAt(i);
        return Character.isHighSurrogate(c)
                ? i + 1 < s.length() && Character.isLowSurrogate(s.charAt(i + 1))
                : i > 0 && Character.isHighSurrogate(s.charAt(i - 1));
    }

    private static String hex(char c) {
        String digits = Integer.toHexString(c);
        return "0000".substring(digits.length()) + digits;
    }
}
