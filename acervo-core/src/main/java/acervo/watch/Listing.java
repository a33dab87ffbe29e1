package acervo.watch;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A walk over what stood in one folder, in no order, without `.` and `..`. Begins before the first entry.
public final class Listing {
    // struct linux_dirent64: inode 8, offset 8, length of the entry 2, type 1, name with a NUL at its end.
    private static final int LENGTH_AT = 16;
    private static final int TYPE_AT = 18;
    private static final int NAME_AT = 19;
    private static final int TYPE_UNKNOWN = 0;
    private static final int TYPE_FOLDER = 4;

    private final byte[] entries;
    private int entry;
    private int next;
    private int end;

    public Listing(byte[] entries) {
        this.entries = entries;
    }

    /// Goes on to the next entry.
    ///
    /// @return whether there is one
    public boolean next() {
        while (next < entries.length) {
            entry = next;
            next += Byte.toUnsignedInt(entries[entry + LENGTH_AT])
                    | Byte.toUnsignedInt(entries[entry + LENGTH_AT + 1]) << 8;
            end = entry + NAME_AT;
            while (entries[end] != 0) {
                end++;
            }
            int length = end - entry - NAME_AT;
            boolean dots = entries[entry + NAME_AT] == '.'
                    && (length == 1 || length == 2 && entries[entry + NAME_AT + 1] == '.');
            if (!dots) {
                return true;
            }
        }
        return false;
    }

    /// Whether it may be a folder; a file system that does not say so leaves it open.
    public boolean mayBeFolder() {
        return entries[entry + TYPE_AT] == TYPE_FOLDER || entries[entry + TYPE_AT] == TYPE_UNKNOWN;
    }

    /// Copies the name, with the NUL at its end.
    public void copyName(MemorySegment to) {
        MemorySegment.copy(entries, entry + NAME_AT, to, JAVA_BYTE, 0, end - entry - NAME_AT + 1);
    }

    /// The name, or null when it is not UTF-8.
    @Nullable
    public String name() {
        int length = end - entry - NAME_AT;
        for (int i = entry + NAME_AT; i < end; i++) {
            if (entries[i] < 0) {
                return decoded(ByteBuffer.wrap(entries, entry + NAME_AT, length));
            }
        }
        return new String(entries, entry + NAME_AT, length, StandardCharsets.ISO_8859_1);
    }

    private static @Nullable String decoded(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException _) {
            return null;
        }
    }

    /// The name for a person to read, each byte that is not printable ASCII as `\xNN`.
    public String printableName() {
        StringBuilder out = new StringBuilder();
        for (byte b : Arrays.copyOfRange(entries, entry + NAME_AT, end)) {
            if (b >= 0x20 && b < 0x7f) {
                out.append((char) b);
            } else {
                out.append("\\x").append(HexFormat.of().toHexDigits(b));
            }
        }
        return out.toString();
    }
}
