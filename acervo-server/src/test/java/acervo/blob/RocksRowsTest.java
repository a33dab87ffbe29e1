package acervo.blob;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksRowsTest {
    @TempDir
    Path folder;

    private Rows.Home home;

    @BeforeEach
    void home() {
        home = new RocksRows.Folder(folder);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void withoutAFlushACrashTakesItBackToTheLastOne() {
        try (Rows rows = home.open()) {
            rows.write(List.of(new Rows.Edit(bytes(1), bytes(10)), new Rows.Edit(bytes(2), bytes(20))));
            rows.flush(true);
            rows.write(List.of(new Rows.Edit(bytes(1), null), new Rows.Edit(bytes(3), bytes(30))));
            assertNull(rows.get(bytes(1)));
        }
        try (Rows rows = home.open()) {
            assertArrayEquals(bytes(10), rows.get(bytes(1)));
            assertArrayEquals(bytes(20), rows.get(bytes(2)));
            assertNull(rows.get(bytes(3)));
        }
    }

    @Test
    void rowsAreScannedInUnsignedOrderFromAKeyOn() {
        try (Rows rows = home.open()) {
            for (int key : List.of(200, 3, 1, 127, 128)) {
                rows.write(List.of(new Rows.Edit(bytes(key), bytes(key))));
            }
            List<Integer> seen = new ArrayList<>();
            rows.scan(bytes(3), (key, value) -> {
                seen.add(key[0] & 0xff);
                return seen.size() < 4;
            });
            assertEquals(List.of(3, 127, 128, 200), seen);
        }
    }

    @Test
    void severalAreReadAtOnce() {
        try (Rows rows = home.open()) {
            rows.write(List.of(new Rows.Edit(bytes(1), bytes(10)), new Rows.Edit(bytes(3), bytes(30))));
            List<byte[]> values = rows.getAll(List.of(bytes(3), bytes(2), bytes(1)));
            assertArrayEquals(bytes(30), values.get(0));
            assertNull(values.get(1));
            assertArrayEquals(bytes(10), values.get(2));
            assertEquals(List.of(), rows.getAll(List.of()));
        }
    }

    @Test
    void erasedRowsAreGone() {
        try (Rows rows = home.open()) {
            rows.write(List.of(new Rows.Edit(bytes(1), bytes(10))));
            rows.flush(true);
        }
        home.erase();
        try (Rows rows = home.open()) {
            assertNull(rows.get(bytes(1)));
        }
    }
}
