package acervo.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.model.SpaceId;
import acervo.rules.Cursor;
import acervo.rules.Edit;
import acervo.rules.Row;
import acervo.rules.Tables;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What every store of rows does.
abstract class RowStoreContract {
    private static final SpaceId A = new SpaceId(1);
    private static final SpaceId B = new SpaceId(255);

    abstract RowStore open();

    private RowStore rows = new MemoryRows();

    @BeforeEach
    void fill() {
        rows = open();
        List<Edit> edits = new ArrayList<>();
        for (SpaceId space : List.of(A, B)) {
            for (long file = 1; file <= 300; file += 2) {
                edits.add(put(space, file));
            }
        }
        rows.write(edits, new Position(1, 7));
    }

    private static Edit put(SpaceId space, long file) {
        return new Edit.Put<>(Tables.DRAINS, new Row.DrainKey(space, file), new Row.Here());
    }

    @AfterEach
    void close() {
        rows.close();
    }

    @Test
    void getsWhatWasPut() {
        assertEquals(new Row.Here(), rows.get(Tables.DRAINS, new Row.DrainKey(A, 1)));
        assertNull(rows.get(Tables.DRAINS, new Row.DrainKey(A, 2)));
        assertEquals(new Position(1, 7), rows.applied());
    }

    @Test
    void walksForwardsWithinAPrefixOnly() {
        try (View view = rows.view();
                Cursor<Row.DrainKey, Row.Here> walk = view.scan(Tables.DRAINS, Tables.in(A))) {
            long expected = 1;
            while (walk.next()) {
                assertEquals(new Row.DrainKey(A, expected), walk.key());
                expected += 2;
            }
            assertEquals(301, expected);
            assertFalse(walk.next());
        }
    }

    @Test
    void walksBackwards() {
        try (View view = rows.view();
                Cursor<Row.DrainKey, Row.Here> walk = view.scanBack(Tables.DRAINS, Tables.in(B))) {
            long expected = 299;
            while (walk.next()) {
                assertEquals(new Row.DrainKey(B, expected), walk.key());
                expected -= 2;
            }
            assertEquals(-1, expected);
        }
    }

    @Test
    void seeksWithinItsBounds() {
        try (View view = rows.view();
                Cursor<Row.DrainKey, Row.Here> walk = view.scan(Tables.DRAINS, Tables.in(B))) {
            walk.seek(Tables.DRAINS.key(new Row.DrainKey(B, 100)));
            assertTrue(walk.next());
            assertEquals(101, walk.key().file());
            walk.seek(Tables.DRAINS.key(new Row.DrainKey(A, 5)));
            assertTrue(walk.next());
            assertEquals(new Row.DrainKey(B, 1), walk.key());
            walk.seek(Tables.DRAINS.key(new Row.DrainKey(B, 1000)));
            assertFalse(walk.next());
        }
    }

    @Test
    void aCursorStandsOnNothingBeforeItMoves() {
        try (View view = rows.view();
                Cursor<Row.DrainKey, Row.Here> walk = view.scan(Tables.DRAINS, Tables.in(A))) {
            assertThrows(NoSuchElementException.class, walk::key);
            walk.seek(Tables.DRAINS.key(new Row.DrainKey(A, 5)));
            assertThrows(NoSuchElementException.class, walk::key);
        }
    }

    @Test
    void dropsAndReplacesInOneStep() {
        rows.write(
                List.of(
                        new Edit.Drop<>(Tables.DRAINS, new Row.DrainKey(A, 1)),
                        put(A, 2),
                        new Edit.Drop<>(Tables.DRAINS, new Row.DrainKey(A, 1000))),
                new Position(2, 8));
        assertNull(rows.get(Tables.DRAINS, new Row.DrainKey(A, 1)));
        assertEquals(new Row.Here(), rows.get(Tables.DRAINS, new Row.DrainKey(A, 2)));
        assertEquals(new Position(2, 8), rows.applied());
    }

    @Test
    void walksWithoutAView() {
        try (Cursor<Row.DrainKey, Row.Here> walk = rows.scan(Tables.DRAINS, new byte[0])) {
            int count = 0;
            while (walk.next()) {
                count++;
            }
            assertEquals(300, count);
        }
    }
}
