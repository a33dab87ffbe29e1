package acervo.rules;

import acervo.model.ClientId;
import acervo.model.Command;
import acervo.model.NodeId;
import acervo.model.Outcome;
import acervo.model.Reason;
import acervo.model.SecretHash;
import acervo.model.SpaceId;
import acervo.model.SpaceName;
import acervo.model.Stamp;
import acervo.model.Stamped;
import java.util.ArrayList;
import java.util.List;

/// Decides what commands do.
public final class Rules {
    private Rules() {}

    /// Pure: the same state, command and stamp give the same decision.
    public static Decision decide(CatalogState state, Command command, Stamp stamp) {
        return decide(state, List.of(new Stamped(stamp, command)));
    }

    /// Decides the commands of one entry of the log, each on the state that the earlier ones leave: the same as
    /// deciding and writing
    /// one after the other, with fewer reads and writes.
    public static Decision decide(CatalogState state, List<Stamped> commands) {
        Draft draft = new Draft(state);
        List<Outcome> outcomes = new ArrayList<>(commands.size());
        for (Stamped stamped : commands) {
            outcomes.add(decide(draft, stamped));
        }
        return new Decision(outcomes, draft.edits());
    }

    private static Outcome decide(Draft draft, Stamped stamped) {
        Step step = new Step(draft, stamped.stamp());
        found(step);
        Requests.Hash hash = Requests.Hash.of(stamped.command());
        Outcome before = Requests.before(step, stamped.stamp().request(), hash);
        if (before != null) {
            return before;
        }
        Outcome outcome = act(step, stamped.command());
        // To tell twice what was seen has no second effect anyway, and there may be many a second.
        if (!Interests.isUndecided(outcome) && !(stamped.command() instanceof Command.Sight)) {
            Requests.keep(step, stamped.stamp().request(), hash, outcome);
        }
        step.times(step.totals().epoch(), step.now, Requests.expire(step));
        return outcome;
    }

    /// The first command of all finds an empty state: it makes what is there from the start.
    private static void found(Step step) {
        if (step.totals().nextSpace() == 0) {
            long first = SpaceId.PUBLIC.number();
            step.totals(new Row.Totals(0, 1, 0, 0, 0, 0, 0, first + 1, 0, step.now, step.now, step.now));
            step.space(Row.Space.fresh(SpaceId.PUBLIC, Row.SpaceKind.PUBLIC, SpaceName.PUBLIC, Stamp.SERVER, step.now));
        }
    }

    private static Outcome act(Step step, Command command) {
        boolean server = step.author.equals(Stamp.SERVER);
        return switch (command) {
            case Command.RegisterClient(ClientId client, SecretHash secret) -> Spaces.register(step, client, secret);
            case Command.AddNode(NodeId node) -> server ? Spaces.addNode(step, node) : serverOnly();
            case Command.TrimHistory(long before, int limit) ->
                server ? Housekeeping.trim(step, before, limit) : serverOnly();
            case Command.ForgetBlobs forget -> server ? Housekeeping.forget(step, forget) : serverOnly();
            case Command.Drain(int limit) -> server ? Housekeeping.drain(step, limit) : serverOnly();
            case Command.ExpireInterests(int limit) -> server ? Housekeeping.expire(step, limit) : serverOnly();
            case Command.ShareFolders share -> server ? Sightings.share(step, share) : serverOnly();
            case Command.Sight sight -> server ? Sightings.sight(step, sight) : serverOnly();
            case Command.CreateSpace _,
                    Command.RemoveSpace _,
                    Command.Grant _,
                    Command.PutFiles _,
                    Command.RemoveFiles _,
                    Command.MoveFiles _,
                    Command.SetReplicas _,
                    Command.Want _,
                    Command.Unwant _,
                    Command.Acknowledge _
            when !step.draft.has(Tables.CLIENTS, step.author) -> Spaces.refuse(Reason.UNAUTHENTICATED);
            case Command.CreateSpace(SpaceName space) -> Spaces.create(step, space);
            case Command.RemoveSpace(SpaceName space, boolean withFiles) -> Spaces.remove(step, space, withFiles);
            case Command.Grant grant -> Spaces.grant(step, grant);
            case Command.PutFiles put -> Files.put(step, put);
            case Command.RemoveFiles remove -> Files.remove(step, remove);
            case Command.MoveFiles move -> Files.move(step, move);
            case Command.SetReplicas set -> Files.replicas(step, set);
            case Command.Want want -> Interests.want(step, want);
            case Command.Unwant unwant -> Interests.unwant(step, unwant);
            case Command.Acknowledge acknowledge -> Interests.acknowledge(step, acknowledge);
        };
    }

    private static Outcome serverOnly() {
        return Spaces.refuse(Reason.FORBIDDEN, "the catalog", "do the server's housekeeping");
    }
}
