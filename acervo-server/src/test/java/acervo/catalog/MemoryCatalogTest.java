package acervo.catalog;

import java.time.Instant;

final class MemoryCatalogTest extends InterestContract {
    @Override
    Catalog open() {
        return new MemoryCatalog(NODE, () -> Instant.ofEpochMilli(1_000_000));
    }
}
