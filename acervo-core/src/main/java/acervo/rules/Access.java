package acervo.rules;

import acervo.model.ClientId;
import acervo.model.Role;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// A space and what one client may do there, which is at least to read.
public record Access(Row.Space space, Role role) {
    /// What a client means by a name; null when there is no such space or none that it may read: the two look the
    /// same.
    public static @Nullable Access of(CatalogState state, ClientId client, SpaceName name) {
        Row.Client row = state.get(Tables.CLIENTS, client);
        if (row == null) {
            return null;
        }
        SpaceId id;
        if (name.equals(SpaceName.HOME)) {
            id = row.home();
        } else if (name.equals(SpaceName.PUBLIC)) {
            id = SpaceId.PUBLIC;
        } else {
            id = state.get(Tables.NAMES, name);
        }
        return id == null ? null : of(state, client, id);
    }

    /// What a registered client may do in a space; null when it may not read it.
    public static @Nullable Access of(CatalogState state, ClientId client, SpaceId id) {
        Row.Space space = state.get(Tables.SPACES, id);
        if (space == null || space.removed()) {
            return null;
        }
        Role role = switch (space.kind()) {
            case HOME -> client.equals(space.owner()) ? Role.OWNER : Role.NONE;
            case PUBLIC -> Role.WRITER;
            case SHARED ->
                Objects.requireNonNullElse(state.get(Tables.MEMBERS, new Row.MemberKey(id, client)), Role.NONE);
            case ON_DISK -> space.isUnshared() ? Role.NONE : Role.READER;
        };
        return role.mayRead() ? new Access(space, role) : null;
    }
}
