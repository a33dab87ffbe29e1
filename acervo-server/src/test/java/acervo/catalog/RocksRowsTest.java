package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import acervo.model.SpaceId;
import acervo.rules.Edit;
import acervo.rules.Row;
import acervo.rules.Tables;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RocksRowsTest extends RowStoreContract {
    private static final Row.DrainKey KEY = new Row.DrainKey(new SpaceId(3), 1);

    @TempDir
    private Path folder;

    @Override
    RowStore open() {
        return RocksRows.open(folder.resolve("contract"));
    }

    private RocksRows reopen() {
        return RocksRows.open(folder.resolve("state"));
    }

    @Test
    void comesBackAfterAnOrderlyClose() {
        try (RocksRows rows = reopen()) {
            rows.write(List.of(new Edit.Put<>(Tables.DRAINS, KEY, new Row.Here())), new Position(3, 9));
        }
        try (RocksRows rows = reopen()) {
            assertEquals(new Position(3, 9), rows.applied());
            assertEquals(new Row.Here(), rows.get(Tables.DRAINS, KEY));
        }
    }

    @Test
    void aCheckpointStaysAsItWas() {
        Path copy = folder.resolve("copy");
        try (RocksRows rows = reopen()) {
            rows.write(List.of(new Edit.Put<>(Tables.DRAINS, KEY, new Row.Here())), new Position(3, 9));
            rows.flush();
            rows.checkpoint(copy);
            rows.write(List.of(new Edit.Drop<>(Tables.DRAINS, KEY)), new Position(3, 10));
            assertNull(rows.get(Tables.DRAINS, KEY));
        }
        try (RocksRows rows = RocksRows.open(copy)) {
            assertEquals(new Position(3, 9), rows.applied());
            assertEquals(new Row.Here(), rows.get(Tables.DRAINS, KEY));
        }
    }

    @Test
    void aClosedStoreRefusesInsteadOfCrashing() {
        RocksRows rows = reopen();
        rows.close();
        rows.close();
        assertThrows(CatalogUnavailableException.class, () -> rows.get(Tables.DRAINS, KEY));
        assertThrows(CatalogUnavailableException.class, rows::view);
        assertThrows(CatalogUnavailableException.class, () -> rows.write(List.of(), Position.NONE));
    }

    @Test
    void onlyOneCanOpenAFolder() {
        try (RocksRows rows = reopen()) {
            assertEquals(Position.NONE, rows.applied());
            assertThrows(CatalogUnavailableException.class, this::reopen);
        }
    }
}
