package acervo.client;

/// Where a server listens. `localhost` is kept as `127.0.0.1`, so that one server has one identity on this machine.
///
/// @param host a name, an IPv4 address, or an IPv6 address without brackets
/// @param port 1 to 65535
public record ServerAddress(String host, int port) {
    public static final int DEFAULT_PORT = 8080;

    /// What is used when nothing says otherwise.
    public static final ServerAddress DEFAULT = new ServerAddress("127.0.0.1", DEFAULT_PORT);

    public ServerAddress {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException(host + ":" + port);
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            if (!(Character.isLetterOrDigit(c) || c == '.' || c == '-' || c == '_' || c == ':' || c == '%')) {
                throw new IllegalArgumentException(host);
            }
        }
        if (host.equals("localhost")) {
            host = "127.0.0.1";
        }
    }

    /// Reads `HOST`, `HOST:PORT`, `[V6]:PORT` or a bare IPv6 address, each also with `http://` in front.
    ///
    /// @throws IllegalArgumentException for anything else
    public static ServerAddress parse(String text) {
        String rest = text.startsWith("http://") ? text.substring(7) : text;
        if (rest.endsWith("/")) {
            rest = rest.substring(0, rest.length() - 1);
        }
        if (rest.startsWith("[")) {
            int end = rest.indexOf(']');
            if (end < 0) {
                throw new IllegalArgumentException(text);
            }
            String after = rest.substring(end + 1);
            return new ServerAddress(rest.substring(1, end), after.isEmpty() ? DEFAULT_PORT : port(after));
        }
        int colon = rest.indexOf(':');
        if (colon < 0 || colon != rest.lastIndexOf(':')) {
            return new ServerAddress(rest, DEFAULT_PORT);
        }
        return new ServerAddress(rest.substring(0, colon), port(rest.substring(colon)));
    }

    private static int port(String withColon) {
        if (withColon.length() < 2 || withColon.length() > 6 || withColon.charAt(0) != ':') {
            throw new IllegalArgumentException(withColon);
        }
        int port = 0;
        for (int i = 1; i < withColon.length(); i++) {
            char c = withColon.charAt(i);
            if (c < '0' || c > '9') {
                throw new IllegalArgumentException(withColon);
            }
            port = 10 * port + c - '0';
        }
        return port;
    }

    /// `HOST:PORT`, with brackets round an IPv6 address.
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}
