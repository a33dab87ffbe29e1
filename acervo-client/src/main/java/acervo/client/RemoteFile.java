package acervo.client;

import acervo.model.FilePath;
import acervo.model.SpaceName;

/// One path in one space.
public record RemoteFile(SpaceName space, FilePath path) {
    private static final String UNRESERVED = "-._~";

    /// The target of a request: `prefix/space/path`, each byte but the plainest percent-encoded.
    public String target(String prefix) {
        StringBuilder target =
                new StringBuilder(prefix).append('/').append(space.text()).append('/');
        for (byte b : path.utf8()) {
            char c = (char) (b & 0xFF);
            if (c == '/' || c < 0x80 && (Character.isLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0)) {
                target.append(c);
            } else {
                target.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 15, 16)));
            }
        }
        return target.toString();
    }

    /// `space:path`.
    @Override
    public String toString() {
        return space + ":" + path;
    }
}
