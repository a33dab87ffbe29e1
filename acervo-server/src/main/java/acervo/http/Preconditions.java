package acervo.http;

import acervo.model.FileEntry;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The conditional requests of RFC 9110, section 13, on reading; those on changes are decided in the catalog.
final class Preconditions {
    private Preconditions() {}

    /// What the fields ask for.
    enum Verdict {
        SEND,
        NOT_MODIFIED
    }

    /// Evaluates in the order of section 13.2.2.
    ///
    /// @throws Trouble.Met 412
    static Verdict evaluate(MultiMap headers, FileEntry entry) {
        String match = headers.get(HttpHeaders.IF_MATCH);
        if (match != null) {
            if (!matches(match, entry, false)) {
                throw failed(entry);
            }
        } else {
            Instant unmodified = Dates.parse(headers.get(FileHeaders.IF_UNMODIFIED_SINCE));
            if (unmodified != null && lastModified(entry).isAfter(unmodified)) {
                throw failed(entry);
            }
        }
        String noneMatch = headers.get(HttpHeaders.IF_NONE_MATCH);
        if (noneMatch != null) {
            return matches(noneMatch, entry, true) ? Verdict.NOT_MODIFIED : Verdict.SEND;
        }
        Instant modified = Dates.parse(headers.get(HttpHeaders.IF_MODIFIED_SINCE));
        return modified != null && !lastModified(entry).isAfter(modified) ? Verdict.NOT_MODIFIED : Verdict.SEND;
    }

    /// The range to send, or null for the whole: `Range`, unless an `If-Range` speaks of another version. (A date
    /// in it never
    /// matches: two versions may be of the same second.)
    static @Nullable ByteRange range(MultiMap headers, FileEntry entry) {
        String range = headers.get(FileHeaders.RANGE);
        if (range == null) {
            return null;
        }
        String ifRange = headers.get(FileHeaders.IF_RANGE);
        if (ifRange != null && !ifRange.strip().equals(FileHeaders.etag(entry))) {
            return null;
        }
        return ByteRange.parse(range, entry.content().size());
    }

    /// Whole seconds, as HTTP has them.
    static Instant lastModified(FileEntry entry) {
        return Instant.ofEpochSecond(Math.floorDiv(entry.storedMillis(), 1000L));
    }

    private static boolean matches(String field, FileEntry entry, boolean weakly) {
        String etag = FileHeaders.etag(entry);
        for (String member : field.split(",", -1)) {
            String tag = member.strip();
            if (tag.equals("*")
                    || tag.equals(etag)
                    || (weakly
                            && tag.startsWith("W/")
                            && tag.startsWith(etag, 2)
                            && tag.length() == etag.length() + 2)) {
                return true;
            }
        }
        return false;
    }

    private static Trouble.Met failed(FileEntry entry) {
        return Refusals.precondition("the file is at version " + entry.version());
    }
}
