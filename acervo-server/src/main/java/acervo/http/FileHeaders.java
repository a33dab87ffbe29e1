package acervo.http;

import acervo.model.BlobId;
import acervo.model.Condition;
import acervo.model.FileEntry;
import acervo.model.Kind;
import acervo.model.RequestId;
import acervo.model.Version;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// The header fields of the byte interface, read strictly. `docs/formats.md` specifies them.
final class FileHeaders {
    static final CharSequence REPR_DIGEST = HttpHeaders.createOptimized("Repr-Digest");
    static final CharSequence ACERVO_REPLICAS = HttpHeaders.createOptimized("Acervo-Replicas");
    static final CharSequence ACERVO_MODIFIED = HttpHeaders.createOptimized("Acervo-Modified");
    static final CharSequence ACERVO_EXECUTABLE = HttpHeaders.createOptimized("Acervo-Executable");
    static final CharSequence ACERVO_KIND = HttpHeaders.createOptimized("Acervo-Kind");
    static final CharSequence IDEMPOTENCY_KEY = HttpHeaders.createOptimized("Idempotency-Key");
    static final CharSequence UPLOAD_OFFSET = HttpHeaders.createOptimized("Upload-Offset");
    static final CharSequence UPLOAD_LENGTH = HttpHeaders.createOptimized("Upload-Length");
    static final CharSequence UPLOAD_COMPLETE = HttpHeaders.createOptimized("Upload-Complete");
    static final CharSequence YES = HttpHeaders.createOptimized("?1");
    static final CharSequence NO = HttpHeaders.createOptimized("?0");

    /// What is stored for a file whose depositor did not say when it was changed; shown as the time at which it was
    /// stored. (The server's
    /// own clock would make every retry of a deposit a different one.) No file has this time, a millisecond before
    /// 1970.
    private static final long UNSAID = -1;

    /// More machines than this nobody has.
    private static final int MOST_REPLICAS = 1_000;

    static final CharSequence RANGE = HttpHeaders.createOptimized("Range");
    static final CharSequence IF_RANGE = HttpHeaders.createOptimized("If-Range");
    static final CharSequence IF_UNMODIFIED_SINCE = HttpHeaders.createOptimized("If-Unmodified-Since");

    private FileHeaders() {}

    /// `sha-256=:<base64>:`, other algorithms in the list are passed over.
    ///
    /// @throws acervo.model.RefusedException ARGUMENT_INVALID when there is no well-formed SHA-256 in it
    static BlobId digest(String field) {
        for (String member : field.split(",", -1)) {
            String item = member.strip();
            if (item.regionMatches(true, 0, "sha-256=:", 0, 9) && item.endsWith(":") && item.length() > 10) {
                try {
                    return BlobId.of(Base64.getDecoder().decode(item.substring(9, item.length() - 1)));
                } catch (IllegalArgumentException _) {
                    break;
                }
            }
        }
        throw Refusals.invalid("Repr-Digest must be sha-256=:<base64 of 32 bytes>:");
    }

    static String digest(BlobId id) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(id.toBytes()) + ":";
    }

    static Optional<BlobId> digest(MultiMap headers) {
        String field = headers.get(REPR_DIGEST);
        return field == null ? Optional.empty() : Optional.of(digest(field));
    }

    static String etag(FileEntry entry) {
        return "\"" + entry.version() + "\"";
    }

    /// What `If-Match` and `If-None-Match` ask of a change. One entity tag at most: a change is based on one
    /// version.
    static Condition condition(MultiMap headers) {
        String match = headers.get(HttpHeaders.IF_MATCH);
        String noneMatch = headers.get(HttpHeaders.IF_NONE_MATCH);
        if (match != null && noneMatch != null) {
            throw Refusals.invalid("If-Match and If-None-Match can't be used together on a change");
        }
        if (noneMatch != null) {
            if (!noneMatch.strip().equals("*")) {
                throw Refusals.invalid("on a change, If-None-Match can only be *");
            }
            return Condition.ABSENT;
        }
        if (match == null) {
            return Condition.ANY;
        }
        String tag = match.strip();
        return tag.equals("*") ? Condition.PRESENT : new Condition.At(version(tag));
    }

    private static Version version(String tag) {
        if (tag.length() >= 3 && tag.startsWith("\"") && tag.endsWith("\"")) {
            try {
                return Version.parse(tag.substring(1, tag.length() - 1));
            } catch (IllegalArgumentException _) {
                // Falls out below: an entity tag that is none of ours.
            }
        }
        throw Refusals.precondition("If-Match: " + acervo.model.FilePath.printable(tag)
                + " is no ETag that this server gave; one looks like \"17\"");
    }

    static int replicas(MultiMap headers) {
        String field = headers.get(ACERVO_REPLICAS);
        if (field == null) {
            return 0;
        }
        long count = number("Acervo-Replicas", field);
        if (count < 1 || count > MOST_REPLICAS) {
            throw Refusals.invalid("Acervo-Replicas is a number from 1 to " + MOST_REPLICAS);
        }
        return (int) count;
    }

    /// `Acervo-Kind: folder` or `link`; a file needs none.
    static Kind kind(MultiMap headers) {
        String field = headers.get(ACERVO_KIND);
        return switch (field) {
            case null -> Kind.FILE;
            case "file" -> Kind.FILE;
            case "folder" -> Kind.FOLDER;
            case "link" -> Kind.LINK;
            default -> throw Refusals.invalid("Acervo-Kind is file, folder or link");
        };
    }

    static void kind(Downloads.Fields headers, FileEntry entry) {
        switch (entry.content().kind()) {
            case FILE -> {}
            case FOLDER -> headers.add(ACERVO_KIND, "folder");
            case LINK -> headers.add(ACERVO_KIND, "link");
        }
    }

    /// When the file was changed, or [#UNSAID].
    static long modified(MultiMap headers) {
        String field = headers.get(ACERVO_MODIFIED);
        return field == null ? UNSAID : number("Acervo-Modified", field);
    }

    /// When a file was changed, as far as that is known.
    static long modified(FileEntry entry) {
        long said = entry.content().modifiedMillis();
        return said == UNSAID ? entry.storedMillis() : said;
    }

    static boolean executable(MultiMap headers) {
        return truth(headers, ACERVO_EXECUTABLE);
    }

    static boolean truth(MultiMap headers, CharSequence name) {
        String field = headers.get(name);
        if (field == null || field.equals("?0")) {
            return false;
        }
        if (field.equals("?1")) {
            return true;
        }
        throw Refusals.invalid(name + " is ?1 or ?0");
    }

    /// The request's id: what `Idempotency-Key` says, or a new one.
    static RequestId request(MultiMap headers) {
        String field = headers.get(IDEMPOTENCY_KEY);
        return field == null ? new RequestId(UUID.randomUUID()) : request(field);
    }

    /// A UUID, with or without the quotes of a structured string.
    static RequestId request(String field) {
        String text = field.strip();
        if (text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")) {
            text = text.substring(1, text.length() - 1);
        }
        try {
            return RequestId.parse(text);
        } catch (IllegalArgumentException _) {
            throw Refusals.invalid("Idempotency-Key is a UUID");
        }
    }

    static OptionalLong length(MultiMap headers, CharSequence name) {
        String field = headers.get(name);
        return field == null ? OptionalLong.empty() : OptionalLong.of(number(name.toString(), field));
    }

    /// A number of at most 18 decimal digits, and nothing else; a minus may stand before a time.
    static long number(String name, String field) {
        int digits = field.startsWith("-") && name.equals("Acervo-Modified") ? 1 : 0;
        boolean good = field.length() > digits && field.length() <= 18 + digits;
        for (int i = digits; good && i < field.length(); i++) {
            good = field.charAt(i) >= '0' && field.charAt(i) <= '9';
        }
        if (!good) {
            throw Refusals.invalid(name + " is a whole number");
        }
        return Long.parseLong(field);
    }

    static @Nullable String contentType(MultiMap headers) {
        String field = headers.get(HttpHeaders.CONTENT_TYPE);
        if (field == null) {
            return null;
        }
        int semicolon = field.indexOf(';');
        return (semicolon < 0 ? field : field.substring(0, semicolon)).strip().toLowerCase(java.util.Locale.ROOT);
    }
}
