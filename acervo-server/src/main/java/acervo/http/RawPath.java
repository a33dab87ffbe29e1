package acervo.http;

import acervo.model.FilePath;
import acervo.model.Reason;
import acervo.model.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// The path of a request as it came over the wire: nothing in it is normalised, so that no two spellings can be taken
/// for the
/// same file by one part of the server and for different ones by another.
///
/// A segment is decoded once, strictly: every `%` is followed by two hexadecimal digits, the bytes are well-formed
/// UTF-8
/// (overlong forms and surrogates are not), and no escape stands for `/`. What a decoded path may hold is [FilePath]'s
/// to say.
final class RawPath {
    private RawPath() {}

    /// The path of a request's target, still encoded, without its query.
    ///
    /// @param uri in origin form (`/a/b?c`) or absolute form (`http://host/a/b?c`)
    /// @throws RefusedException ARGUMENT_INVALID for anything else
    static String of(String uri) {
        int from = 0;
        if (!uri.startsWith("/")) {
            if (!uri.startsWith("http://") && !uri.startsWith("https://")) {
                throw new RefusedException(Reason.ARGUMENT_INVALID, "a request's target starts with '/'");
            }
            from = uri.indexOf('/', uri.indexOf("//") + 2);
            if (from < 0) {
                return "/";
            }
        }
        for (int i = from; i < uri.length(); i++) {
            char c = uri.charAt(i);
            if (c == '?') {
                return uri.substring(from, i);
            }
            if (c <= ' ' || c >= 0x7F || c == '#') {
                throw new RefusedException(
                        Reason.ARGUMENT_INVALID, "a request's target holds a character that must be percent-encoded");
            }
        }
        return from == 0 ? uri : uri.substring(from);
    }

    /// Decodes one segment.
    ///
    /// @throws RefusedException PATH_INVALID
    static String segment(String raw) {
        if (raw.indexOf('%') < 0) {
            return raw;
        }
        ByteBuffer bytes = ByteBuffer.allocate(raw.length());
        for (int i = 0; i < raw.length(); i++) {
            char c = raw.charAt(i);
            if (c != '%') {
                bytes.put((byte) c);
                continue;
            }
            boolean whole = i + 2 < raw.length();
            int high = whole ? Character.digit(raw.charAt(i + 1), 16) : -1;
            int low = whole ? Character.digit(raw.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw invalid(raw, "a '%' in it is not followed by two hexadecimal digits");
            }
            int b = high << 4 | low;
            if (b == '/' || b == '\\' || b == 0) {
                throw invalid(raw, "a name in it holds an encoded separator or NUL");
            }
            bytes.put((byte) b);
            i += 2;
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.flip()).toString();
        } catch (CharacterCodingException _) {
            throw invalid(raw, "its bytes are not UTF-8");
        }
    }

    /// Decodes the segments after `from`, joined by `/`.
    ///
    /// @throws RefusedException PATH_INVALID
    static FilePath file(String raw, int from) {
        if (from >= raw.length()) {
            throw invalid(raw, "it is empty");
        }
        if (raw.indexOf('%', from) < 0) {
            return new FilePath(raw.substring(from));
        }
        StringBuilder text = new StringBuilder(raw.length() - from);
        for (int at = from; at <= raw.length(); ) {
            int slash = raw.indexOf('/', at);
            int to = slash < 0 ? raw.length() : slash;
            text.append(segment(raw.substring(at, to)));
            if (slash >= 0) {
                text.append('/');
            }
            at = to + 1;
        }
        return new FilePath(text.toString());
    }

    private static RefusedException invalid(String raw, String trouble) {
        return new RefusedException(Reason.PATH_INVALID, FilePath.printable(raw), trouble);
    }
}
