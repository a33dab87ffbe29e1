package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.ClientId;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.rules.Edit;
import acervo.rules.Row;
import acervo.rules.Tables;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RowCacheTest {
    private static final ClientId ANA = client(1);

    private final RowCache cache = new RowCache();

    private static ClientId client(int number) {
        return new ClientId(new UUID(number, 1));
    }

    private static Row.Client row(long number) {
        return new Row.Client(SecretHash.of(new byte[] {1}), new SpaceId(7), number);
    }

    private static List<Edit> put(ClientId client, long number) {
        return List.of(new Edit.Put<>(Tables.CLIENTS, client, row(number)));
    }

    private void fill(ClientId client, Row.Client row) {
        cache.put(Tables.CLIENTS, client, row, cache.stamp(Tables.CLIENTS, client));
    }

    @Test
    void whatWasReadIsThereUntilItIsAboutToChange() {
        Row.Client first = row(1);
        assertNull(cache.get(Tables.CLIENTS, ANA));
        fill(ANA, first);
        assertSame(first, cache.get(Tables.CLIENTS, ANA));
        cache.begin(put(ANA, 2));
        assertNull(cache.get(Tables.CLIENTS, ANA));
        cache.end();
        assertNull(cache.get(Tables.CLIENTS, ANA));
        cache.begin(List.of(new Edit.Drop<>(Tables.CLIENTS, ANA)));
        cache.end();
        fill(ANA, first);
        cache.begin(List.of(new Edit.Drop<>(Tables.CLIENTS, ANA)));
        cache.end();
        assertNull(cache.get(Tables.CLIENTS, ANA));
    }

    @Test
    void aRowThatWasReadBeforeAWriteIsNotTakenAfterIt() {
        long stamp = cache.stamp(Tables.CLIENTS, ANA);
        cache.begin(put(ANA, 2));
        cache.end();
        cache.put(Tables.CLIENTS, ANA, row(1), stamp);
        assertNull(cache.get(Tables.CLIENTS, ANA));
    }

    @Test
    void aRowThatWasReadDuringAWriteIsNotTaken() {
        cache.begin(put(ANA, 2));
        fill(ANA, row(1));
        cache.end();
        assertNull(cache.get(Tables.CLIENTS, ANA));
    }

    @Test
    void rowsOfOneSlotAreNotMistakenForEachOther() {
        for (int i = 0; i < 200_000; i++) {
            fill(client(i), row(i));
        }
        int kept = 0;
        for (int i = 0; i < 200_000; i++) {
            Row.Client row = cache.get(Tables.CLIENTS, client(i));
            if (row != null) {
                kept++;
                assertEquals(i, row.createdMillis());
            }
        }
        assertTrue(kept > 0 && kept <= 1 << 16, kept + " rows");
    }

    @Test
    void someThousandsOfRowsNearlyAllStay() {
        for (int i = 0; i < 20_000; i++) {
            fill(client(i), row(i));
        }
        int kept = 0;
        for (int i = 0; i < 20_000; i++) {
            kept += cache.get(Tables.CLIENTS, client(i)) == null ? 0 : 1;
        }
        assertTrue(kept > 19_000, kept + " rows");
    }

    @Test
    void nothingIsLeftAfterItWasCleared() {
        long stamp = cache.stamp(Tables.CLIENTS, ANA);
        fill(ANA, row(1));
        cache.clear();
        assertNull(cache.get(Tables.CLIENTS, ANA));
        cache.put(Tables.CLIENTS, ANA, row(1), stamp);
        assertNull(cache.get(Tables.CLIENTS, ANA));
    }

    /// Two rows that are always written together, the second with the same number as the first.
    @Test
    void readersNeverSeeLessThanWhatWasToldNorRowsOfAWriteOneByOne(@TempDir Path folder) throws Exception {
        ClientId bia = client(2);
        AtomicLong told = new AtomicLong();
        try (RocksRows rows = RocksRows.open(folder);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            long writes = 60_000;
            List<Future<?>> readers = new ArrayList<>();
            write(rows, bia, 0);
            for (int i = 0; i < 2; i++) {
                readers.add(threads.submit(() -> {
                    while (told.get() < writes) {
                        long known = told.get();
                        long first = number(rows, ANA);
                        assertTrue(first >= known, () -> first + " after " + known + " was told");
                        long second = number(rows, bia);
                        assertTrue(second >= first, () -> second + " after " + first + " of the same write");
                    }
                }));
            }
            for (long number = 1; number <= writes; number++) {
                write(rows, bia, number);
                told.set(number);
            }
            for (Future<?> reader : readers) {
                reader.get();
            }
        }
    }

    private static void write(RocksRows rows, ClientId bia, long number) {
        rows.write(
                List.of(
                        new Edit.Put<>(Tables.CLIENTS, ANA, row(number)),
                        new Edit.Put<>(Tables.CLIENTS, bia, row(number))),
                new Position(1, number));
    }

    private static long number(RocksRows rows, ClientId client) {
        Row.Client row = rows.get(Tables.CLIENTS, client);
        return row == null ? -1 : row.createdMillis();
    }
}
