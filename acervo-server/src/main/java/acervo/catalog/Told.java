package acervo.catalog;

import acervo.catalog.Catalog.Listener;
import acervo.model.ClientId;
import acervo.model.SpaceId;
import acervo.rules.Edit;
import acervo.rules.Row;
import acervo.rules.Table;
import acervo.rules.Tables;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells listeners which spaces and clients the edits of an entry are about. Any thread adds; one at a time tells.
final class Told {
    private static final Logger LOG = LoggerFactory.getLogger(Told.class);

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    void add(Listener listener) {
        listeners.add(listener);
    }

    /// Tells of edits that are written. Never throws: they are, whatever a listener makes of it.
    void applied(List<Edit> edits) {
        if (listeners.isEmpty()) {
            return;
        }
        Set<SpaceId> spaces = new HashSet<>();
        Set<ClientId> clients = new HashSet<>();
        for (Edit edit : edits) {
            switch (edit) {
                case Edit.Put<?, ?>(var table, var key, var value) -> {
                    if (key instanceof Row.VersionKey version && table == Tables.FEED) {
                        spaces.add(version.space());
                    } else if (value instanceof Row.Space space && space.removed()) {
                        spaces.add(space.id());
                    } else {
                        note(table, key, spaces, clients);
                    }
                }
                case Edit.Drop<?, ?>(var table, var key) -> note(table, key, spaces, clients);
            }
        }
        if (spaces.isEmpty() && clients.isEmpty()) {
            return;
        }
        for (Listener listener : listeners) {
            try {
                listener.applied(spaces, clients);
            } catch (RuntimeException e) {
                LOG.error("A listener failed", e);
            }
        }
    }

    /// Whatever happens to a client's interests or notices, its inbox counts them.
    private static void note(Table<?, ?> table, Object key, Set<SpaceId> spaces, Set<ClientId> clients) {
        if (key instanceof Row.MemberKey member) {
            spaces.add(member.space());
        } else if (key instanceof ClientId client && table == Tables.INBOXES) {
            clients.add(client);
        }
    }
}
