package acervo.rules;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// One number for a whole state: equal for two states with the same rows, whatever keeps them.
public final class StateDigest {
    private StateDigest() {}

    /// SHA-256 over every table's rows in order, as 64 hexadecimal digits. Walks everything.
    public static String of(CatalogState state) {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
        for (Table<?, ?> table : Tables.ALL) {
            add(digest, state, table);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static <K, V> void add(MessageDigest digest, CatalogState state, Table<K, V> table) {
        try (Cursor<K, V> rows = state.scan(table, new byte[0])) {
            while (rows.next()) {
                add(digest, table.key(rows.key()));
                add(digest, table.row(rows.value()));
            }
        }
    }

    private static void add(MessageDigest digest, byte[] bytes) {
        for (int shift = 24; shift >= 0; shift -= 8) {
            digest.update((byte) (bytes.length >>> shift));
        }
        digest.update(bytes);
    }
}
