package acervo.interest;

import acervo.catalog.Catalog;
import acervo.model.ClientId;
import acervo.model.SpaceId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// Who is connected, by what would wake them. Any thread.
///
/// A stream is added before it reads for the first time, and the catalog tells after readers can see: so that whatever
/// a stream did not see when it read wakes it later.
final class Lookout implements Catalog.Listener {
    /// Lists are replaced, never changed: most have one element.
    private final Map<ClientId, List<Delivery<?>>> byClient = new ConcurrentHashMap<>();

    private final Map<SpaceId, Set<Delivery<?>>> bySpace = new ConcurrentHashMap<>();

    void add(Delivery<?> delivery) {
        if (delivery.spaces().isEmpty()) {
            byClient.merge(delivery.client(), List.of(delivery), Lookout::joined);
        }
        for (SpaceId space : delivery.spaces()) {
            bySpace.compute(space, (_, there) -> {
                Set<Delivery<?>> all = there == null ? ConcurrentHashMap.newKeySet() : there;
                all.add(delivery);
                return all;
            });
        }
    }

    private static List<Delivery<?>> joined(List<Delivery<?>> there, List<Delivery<?>> more) {
        List<Delivery<?>> all = new ArrayList<>(there);
        all.addAll(more);
        return List.copyOf(all);
    }

    void remove(Delivery<?> delivery) {
        byClient.computeIfPresent(delivery.client(), (_, there) -> {
            List<Delivery<?>> rest =
                    there.stream().filter(other -> other != delivery).toList();
            return rest.isEmpty() ? null : rest;
        });
        for (SpaceId space : delivery.spaces()) {
            bySpace.computeIfPresent(space, (_, there) -> {
                there.remove(delivery);
                return there.isEmpty() ? null : there;
            });
        }
    }

    @Override
    public void applied(Set<SpaceId> spaces, Set<ClientId> clients) {
        for (ClientId client : clients) {
            byClient.getOrDefault(client, List.of()).forEach(Delivery::wake);
        }
        for (SpaceId space : spaces) {
            bySpace.getOrDefault(space, Set.of()).forEach(Delivery::wake);
        }
    }

    /// The streams of a client's notices.
    List<Delivery<?>> of(ClientId client) {
        return byClient.getOrDefault(client, List.of());
    }

    /// Streams that could be woken.
    int size() {
        int sum = byClient.values().stream().mapToInt(List::size).sum();
        return sum + bySpace.values().stream().mapToInt(Set::size).sum();
    }
}
