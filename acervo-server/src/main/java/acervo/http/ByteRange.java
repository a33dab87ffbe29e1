package acervo.http;

import org.jspecify.annotations.Nullable;

/// A run of a file's bytes.
///
/// @param length 0 or more; 0 only for a file without bytes
record ByteRange(long offset, long length) {
    /// What a `Range` field asks of a file of `size` bytes: one range of bytes, or null when the whole file is to
    /// be sent,
    /// because the field is malformed or of an unknown unit (RFC 9110 has it ignored then) or asks for several
    /// ranges (which a
    /// server may answer with the whole).
    ///
    /// @throws Trouble.Met 416 when no byte of the range exists
    static @Nullable ByteRange parse(String field, long size) {
        String text = field.strip();
        if (!text.regionMatches(true, 0, "bytes=", 0, 6) || text.indexOf(',') >= 0) {
            return null;
        }
        String spec = text.substring(6).strip();
        int dash = spec.indexOf('-');
        if (dash < 0) {
            return null;
        }
        long first = digits(spec.substring(0, dash));
        long last = digits(spec.substring(dash + 1));
        if (dash == 0) {
            if (last < 0) {
                return null;
            }
            if (last == 0 || size == 0) {
                throw unsatisfiable(size);
            }
            long length = Math.min(last, size);
            return new ByteRange(size - length, length);
        }
        boolean open = dash == spec.length() - 1;
        if (first < 0 || (!open && last < first)) {
            return null;
        }
        if (first >= size) {
            throw unsatisfiable(size);
        }
        long end = open ? size - 1 : Math.min(last, size - 1);
        return new ByteRange(first, end - first + 1);
    }

    /// -1 for anything but 1 to 18 digits.
    private static long digits(String text) {
        if (text.isEmpty() || text.length() > 18) {
            return -1;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return -1;
            }
        }
        return Long.parseLong(text);
    }

    private static Trouble.Met unsatisfiable(long size) {
        return Trouble.met(
                416,
                Trouble.Code.OUT_OF_RANGE,
                "RANGE_NOT_SATISFIABLE",
                "the file has " + size + " bytes; the range asked for begins after its end");
    }

    /// The value of `Content-Range`.
    String of(long size) {
        return "bytes " + offset + "-" + (offset + length - 1) + "/" + size;
    }
}
