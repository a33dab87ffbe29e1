package acervo.rules;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import acervo.model.Command;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.Role;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Who may do what, one rule at a time.
final class AccessRulesTest extends RulesCase {

    @Test
    void anUnregisteredClientMayNothing() {
        assertRefused(Reason.UNAUTHENTICATED, send(NOBODY, putting(SpaceName.PUBLIC, "a", 1)));
        assertRefused(Reason.UNAUTHENTICATED, send(Stamp.SERVER, putting(SpaceName.PUBLIC, "a", 1)));
    }

    @Test
    void everyClientWritesInPublicAndInItsOwnHomeOnly() {
        put(ANA, SpaceName.PUBLIC, "a", 1);
        put(RUI, SpaceName.PUBLIC, "a", 2);
        put(ANA, HOME, "x", 1);
        assertNo(Reason.NO_SUCH_FILE, removing(RUI, HOME, "x"));
    }

    @Test
    void aSpaceOneMayNotReadLooksLikeNone() {
        done(ANA, new Command.CreateSpace(TEAM));
        SpaceName none = new SpaceName("none");
        for (Command there : List.of(
                putting(TEAM, "a", 1),
                new Command.RemoveSpace(TEAM, true),
                new Command.Grant(TEAM, RUI, Role.OWNER),
                new Command.Grant(TEAM, RUI, Role.NONE))) {
            assertEquals(new Outcome.Refused(new Refusal(Reason.NO_SUCH_SPACE, TEAM)), send(RUI, there));
        }
        assertEquals(new Outcome.Refused(new Refusal(Reason.NO_SUCH_SPACE, none)), send(RUI, putting(none, "a", 1)));
    }

    @Test
    void readersReadWritersWriteOwnersGrant() {
        done(ANA, new Command.CreateSpace(TEAM));
        done(ANA, new Command.Grant(TEAM, RUI, Role.READER));
        assertRefused(Reason.FORBIDDEN, send(RUI, putting(TEAM, "a", 1)));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.Grant(TEAM, RUI, Role.WRITER)));
        done(ANA, new Command.Grant(TEAM, RUI, Role.WRITER));
        put(RUI, TEAM, "a", 1);
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.Grant(TEAM, EVA, Role.READER)));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.RemoveSpace(TEAM, true)));
        assertRefused(Reason.NO_SUCH_CLIENT, send(ANA, new Command.Grant(TEAM, NOBODY, Role.READER)));
        done(RUI, new Command.Grant(TEAM, RUI, Role.NONE));
        assertRefused(Reason.NO_SUCH_SPACE, send(RUI, putting(TEAM, "b", 1)));
    }

    @Test
    void aSpaceNeverLosesItsLastOwner() {
        done(ANA, new Command.CreateSpace(TEAM));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.Grant(TEAM, ANA, Role.NONE)));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.Grant(TEAM, ANA, Role.WRITER)));
        done(ANA, new Command.Grant(TEAM, RUI, Role.OWNER));
        done(ANA, new Command.Grant(TEAM, ANA, Role.NONE));
        assertRefused(Reason.FORBIDDEN, send(RUI, new Command.Grant(TEAM, RUI, Role.READER)));
    }

    @Test
    void nobodyGrantsInHomeOrPublic() {
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.Grant(HOME, RUI, Role.READER)));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.Grant(SpaceName.PUBLIC, RUI, Role.READER)));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.RemoveSpace(HOME, true)));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.RemoveSpace(SpaceName.PUBLIC, true)));
    }

    @Test
    void namesOfSpacesAreUniqueAndSomeAreReserved() {
        assertRefused(Reason.SPACE_NAME_RESERVED, send(ANA, new Command.CreateSpace(HOME)));
        assertRefused(Reason.SPACE_NAME_RESERVED, send(ANA, new Command.CreateSpace(SpaceName.PUBLIC)));
        done(ANA, new Command.CreateSpace(TEAM));
        assertRefused(Reason.SPACE_EXISTS, send(RUI, new Command.CreateSpace(TEAM)));
    }

    @Test
    void aSpacesNumberIsNeverUsedAgain() {
        done(ANA, new Command.CreateSpace(TEAM));
        SpaceId first = access(ANA, TEAM).id();
        done(ANA, new Command.RemoveSpace(TEAM, false));
        done(RUI, new Command.CreateSpace(TEAM));
        assertNotEquals(first, access(RUI, TEAM).id());
        assertNull(Access.of(state, ANA, TEAM));
    }

    @Test
    void housekeepingIsTheServersOwn() {
        for (Command command : List.of(
                new Command.AddNode(SECOND),
                new Command.TrimHistory(1, 1),
                new Command.ForgetBlobs(1, List.of()),
                new Command.Drain(1))) {
            assertRefused(Reason.FORBIDDEN, send(ANA, command));
        }
    }

    @Test
    void aClientRegistersItselfOnceAndWithOneSecret() {
        done(ANA, new Command.RegisterClient(ANA, secret(1)));
        assertRefused(Reason.CLIENT_EXISTS, send(ANA, new Command.RegisterClient(ANA, secret(2))));
        assertRefused(Reason.FORBIDDEN, send(ANA, new Command.RegisterClient(NOBODY, secret(1))));
        assertRefused(Reason.ARGUMENT_INVALID, own(new Command.RegisterClient(Stamp.SERVER, secret(1))));
        assertEquals(3, totals().clients());
    }
}
