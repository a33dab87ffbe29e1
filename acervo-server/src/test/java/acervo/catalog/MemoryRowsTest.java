package acervo.catalog;

final class MemoryRowsTest extends RowStoreContract {
    @Override
    RowStore open() {
        return new MemoryRows();
    }
}
