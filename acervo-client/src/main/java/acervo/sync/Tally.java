package acervo.sync;

import acervo.sync.plan.Operation;

/// Counts what was done. The control thread's.
final class Tally {
    private long uploads;
    private long bytesUp;
    private long downloads;
    private long bytesDown;
    private long renames;
    private long removals;
    private long conflicts;

    void done(Operation operation) {
        switch (operation) {
            case Operation.Upload _ -> {
                uploads++;
                bytesUp += Orders.bytes(operation);
            }
            case Operation.Download _ -> {
                downloads++;
                bytesDown += Orders.bytes(operation);
            }
            case Operation.MoveLocal _, Operation.MoveRemote _ -> renames++;
            case Operation.RemoveLocal _, Operation.RemoveRemote _ -> removals++;
            case Operation.KeepBothLocal _, Operation.KeepBothRemote _ -> conflicts++;
            case Operation.MakeLocalFolder _,
                    Operation.MakeRemoteFolder _,
                    Operation.SetLocalMetadata _,
                    Operation.SetRemoteMetadata _,
                    Operation.AdoptSame _,
                    Operation.Forget _ -> {}
        }
    }

    Status.Since since() {
        return new Status.Since(uploads, bytesUp, downloads, bytesDown, renames, removals, conflicts);
    }
}
