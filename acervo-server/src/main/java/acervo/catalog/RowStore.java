package acervo.catalog;

import acervo.rules.CatalogState;
import acervo.rules.Edit;
import java.util.List;

/// Keeps the catalog's rows.
///
/// Contract, passed by every implementation (`RowStoreContract`): [#write] is one step, for readers and for crashes;
/// reading it as a
/// [CatalogState] gives the newest rows; one thread writes, any number read and never wait for long.
interface RowStore extends CatalogState, AutoCloseable {
    /// Writes all edits and the position, or, when it throws, nothing. Not durable by itself: the log is.
    void write(List<Edit> edits, Position applied);

    /// The position of the last write; of the last one that survived, after opening.
    Position applied();

    /// The rows as they are now.
    View view();

    @Override
    void close();
}
