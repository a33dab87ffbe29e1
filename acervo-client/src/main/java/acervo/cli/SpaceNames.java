package acervo.cli;

import acervo.model.SpaceName;
import acervo.wire.v1.Member;
import acervo.wire.v1.Role;
import acervo.wire.v1.Space;
import java.util.Locale;

/// What the verbs about spaces share.
final class SpaceNames {
    private SpaceNames() {}

    /// A space's name, also as it stands in an address, `name:`.
    static SpaceName parse(String text) {
        return new SpaceName(text.endsWith(":") ? text.substring(0, text.length() - 1) : text);
    }

    static String role(Role role, Texts texts) {
        return texts.get("role." + role.name());
    }

    static void write(JsonWriter json, Space space) {
        json.open().field("name", space.getName()).field("role", word(space.getRole()));
        json.field("files", space.getFiles()).field("bytes", space.getBytes());
        json.name("members").openList();
        for (Member m : space.getMembersList()) {
            json.open()
                    .field("client", m.getClientId())
                    .field("role", word(m.getRole()))
                    .close();
        }
        json.closeList().close();
    }

    private static String word(Role role) {
        return role == Role.ROLE_UNSPECIFIED ? "none" : role.name().toLowerCase(Locale.ROOT);
    }
}
