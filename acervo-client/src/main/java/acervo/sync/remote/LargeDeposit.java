package acervo.sync.remote;

import acervo.client.Transport;
import acervo.model.RefusedException;
import acervo.sync.ChangedException;
import acervo.sync.LocalBytes;
import acervo.sync.RemoteSpace.Deposit;
import acervo.sync.RemoteSpace.RemoteAnswer;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/// Deposits large files, each by a resumable upload ([Sending]).
final class LargeDeposit {
    /// Uploads under way at once, each on a connection of its own.
    private static final int AT_ONCE = 2;

    private final Transport transport;
    private final Part part;
    private final UUID folder;
    private final HttpSpace.Opener opener;
    private final Comparison.Remote sums;
    private final Semaphore lane = new Semaphore(AT_ONCE);

    LargeDeposit(Transport transport, Part part, UUID folder, HttpSpace.Opener opener, Comparison.Remote sums) {
        this.transport = transport;
        this.part = part;
        this.folder = folder;
        this.opener = opener;
        this.sums = sums;
    }

    Tasks.Task lane(Runnable work) {
        return new Tasks.Task(lane, work);
    }

    RemoteAnswer deposit(Deposit deposit) {
        try (LocalBytes bytes = opener.open(Reading.from(deposit))) {
            if (bytes.size() != deposit.content().size()) {
                return new RemoteAnswer.Changed();
            }
            return new Sending(transport, part, folder, deposit, bytes, sums).run();
        } catch (ChangedException | LocalChangeException _) {
            return new RemoteAnswer.Changed();
        } catch (RefusedException e) {
            return switch (e.refusal().reason()) {
                case UNAUTHENTICATED, FORBIDDEN, NO_SUCH_SPACE, UNAVAILABLE, TOO_MANY -> throw e;
                default -> new RemoteAnswer.Refused(e.refusal());
            };
        }
    }
}
