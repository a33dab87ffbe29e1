package acervo.client;

import acervo.model.BlobId;
import acervo.wire.v1.File;
import java.io.IOException;
import java.net.ProtocolException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What the server says of a file's current version, and what the bytes are checked against.
///
/// @param modifiedMillis since 1970; 0 when nobody said
record RemoteFacts(long version, long size, BlobId sha256, long modifiedMillis, boolean executable) {
    static RemoteFacts of(File file) {
        return new RemoteFacts(
                file.getVersion(),
                file.getSize(),
                BlobId.parse(file.getSha256()),
                file.getModifiedMillis(),
                file.getExecutable());
    }

    /// Reads the head of an answer to `GET` or `HEAD`.
    ///
    /// @throws ProtocolException when it lacks what is needed to verify the bytes
    static RemoteFacts of(Response answer) throws IOException {
        byte[] digest = answer.digest();
        if (digest == null) {
            throw new ProtocolException("the answer has no SHA-256");
        }
        return new RemoteFacts(
                answer.version(),
                size(answer),
                BlobId.of(digest),
                answer.number("acervo-modified", 0),
                "?1".equals(answer.header("acervo-executable")));
    }

    private static long size(Response answer) throws IOException {
        String range = answer.header("content-range");
        if (answer.status() != 206 || range == null) {
            return answer.required("content-length");
        }
        try {
            return Long.parseLong(range.substring(range.lastIndexOf('/') + 1).strip());
        } catch (NumberFormatException _) {
            throw new ProtocolException("Content-Range: " + range);
        }
    }

    /// Whether both are of the same bytes.
    boolean sameBytes(RemoteFacts other) {
        return size == other.size && sha256.equals(other.sha256);
    }

    Map<String, String> toMap(String source) {
        Map<String, String> values = new LinkedHashMap<>();
        values.put("source", source);
        values.put("version", String.valueOf(version));
        values.put("size", String.valueOf(size));
        values.put("sha256", sha256.toString());
        values.put("modified", String.valueOf(modifiedMillis));
        values.put("executable", String.valueOf(executable));
        return values;
    }

    /// Reads what [#toMap] wrote for the same source; empty for anything else.
    static Optional<RemoteFacts> from(Map<String, String> values, String source) {
        if (!source.equals(values.get("source"))) {
            return Optional.empty();
        }
        try {
            return Optional.of(new RemoteFacts(
                    Long.parseLong(values.getOrDefault("version", "")),
                    Long.parseLong(values.getOrDefault("size", "")),
                    BlobId.parse(values.getOrDefault("sha256", "")),
                    Long.parseLong(values.getOrDefault("modified", "")),
                    Boolean.parseBoolean(values.get("executable"))));
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}
