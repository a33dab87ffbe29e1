package acervo.rules;

import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.Role;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.util.Objects;

/// Who is who and who may do what: clients, nodes, spaces, roles.
final class Spaces {
    private Spaces() {}

    static Outcome register(Step step, ClientId client, SecretHash secret) {
        if (client.equals(Stamp.SERVER)) {
            return refuse(Reason.ARGUMENT_INVALID, "the id " + client + " is reserved");
        }
        if (!step.author.equals(client) && !step.author.equals(Stamp.SERVER)) {
            return refuse(Reason.FORBIDDEN, client, "register another client");
        }
        Row.Client there = step.draft.get(Tables.CLIENTS, client);
        if (there != null) {
            return there.secret().matches(secret) ? Outcome.DONE : refuse(Reason.CLIENT_EXISTS, client);
        }
        SpaceId home = step.nextSpace();
        step.space(Row.Space.fresh(home, Row.SpaceKind.HOME, SpaceName.HOME, client, step.now));
        step.draft.put(Tables.CLIENTS, client, new Row.Client(secret, home, step.now));
        step.count(1, 1, 0, 0, 0, 0);
        return Outcome.DONE;
    }

    static Outcome addNode(Step step, NodeId node) {
        for (int number = 1; number <= step.totals().nodes(); number++) {
            Row.Node there = step.draft.get(Tables.NODES, number);
            if (there != null && there.id().equals(node)) {
                return Outcome.DONE;
            }
        }
        step.draft.put(Tables.NODES, step.nextNode(), new Row.Node(node, step.now));
        return Outcome.DONE;
    }

    /// The number of a node; 0 for one that is not known.
    static int number(Step step, NodeId node) {
        for (int number = 1; number <= step.totals().nodes(); number++) {
            Row.Node there = step.draft.get(Tables.NODES, number);
            if (there != null && there.id().equals(node)) {
                return number;
            }
        }
        return 0;
    }

    static Outcome create(Step step, SpaceName name) {
        if (name.equals(SpaceName.HOME) || name.equals(SpaceName.PUBLIC)) {
            return refuse(Reason.SPACE_NAME_RESERVED, name);
        }
        SpaceId taken = step.draft.get(Tables.NAMES, name);
        if (taken != null) {
            if (!step.space(taken).isUnshared()) {
                return refuse(Reason.SPACE_EXISTS, name);
            }
            // Nobody could see what has the name, nor ever free it.
            hide(step, step.space(taken));
        }
        SpaceId id = step.nextSpace();
        step.space(Row.Space.fresh(id, Row.SpaceKind.SHARED, name, step.author, step.now));
        step.draft.put(Tables.NAMES, name, id);
        member(step, id, step.author, Role.OWNER);
        step.count(0, 1, 0, 0, 0, 0);
        return Outcome.DONE;
    }

    static Outcome grant(Step step, Command.Grant grant) {
        SpaceName name = grant.space();
        Access access = Access.of(step.draft, step.author, name);
        if (access == null) {
            return refuse(Reason.NO_SUCH_SPACE, name);
        }
        boolean leaving = grant.client().equals(step.author) && grant.role() == Role.NONE;
        if (access.space().kind() != Row.SpaceKind.SHARED || (access.role() != Role.OWNER && !leaving)) {
            return refuse(Reason.FORBIDDEN, name, "grant or revoke roles");
        }
        if (!step.draft.has(Tables.CLIENTS, grant.client())) {
            return refuse(Reason.NO_SUCH_CLIENT, grant.client());
        }
        SpaceId id = access.space().id();
        Role before = Objects.requireNonNullElse(
                step.draft.get(Tables.MEMBERS, new Row.MemberKey(id, grant.client())), Role.NONE);
        int owners = access.space().owners() + (grant.role() == Role.OWNER ? 1 : 0) - (before == Role.OWNER ? 1 : 0);
        if (owners == 0) {
            return refuse(Reason.FORBIDDEN, name, "take the last owner's role away");
        }
        step.space(access.space().withOwners(owners));
        member(step, id, grant.client(), grant.role());
        return Outcome.DONE;
    }

    /// Hides the space at once; [Housekeeping#drain] lets go of what is in it.
    static Outcome remove(Step step, SpaceName name, boolean withFiles) {
        Access access = Access.of(step.draft, step.author, name);
        if (access == null) {
            return refuse(Reason.NO_SUCH_SPACE, name);
        }
        Row.Space space = access.space();
        if (space.kind() != Row.SpaceKind.SHARED || access.role() != Role.OWNER) {
            return refuse(Reason.FORBIDDEN, name, "remove everything");
        }
        if (space.files() > 0 && !withFiles) {
            return refuse(Reason.SPACE_NOT_EMPTY, name, space.files());
        }
        hide(step, space);
        return Outcome.DONE;
    }

    private static void hide(Step step, Row.Space space) {
        boolean kept = space.kind() != Row.SpaceKind.ON_DISK;
        step.space(space.gone());
        step.draft.drop(Tables.NAMES, space.name());
        step.draft.put(Tables.DRAINS, new Row.DrainKey(space.id(), 0), Row.Here.HERE);
        step.countDrains(1);
        step.count(0, -1, kept ? -space.files() : 0, kept ? -space.bytes() : 0, 0, 0);
    }

    static void member(Step step, SpaceId space, ClientId client, Role role) {
        Row.MemberKey key = new Row.MemberKey(space, client);
        Row.MembershipKey back = new Row.MembershipKey(client, space);
        if (role == Role.NONE) {
            step.draft.drop(Tables.MEMBERS, key);
            step.draft.drop(Tables.MEMBERSHIPS, back);
        } else {
            step.draft.put(Tables.MEMBERS, key, role);
            step.draft.put(Tables.MEMBERSHIPS, back, role);
        }
    }

    static Outcome refuse(Reason reason, Object... arguments) {
        return new Outcome.Refused(new Refusal(reason, arguments));
    }
}
