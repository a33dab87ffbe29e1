package acervo.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientAsynchronousProtocol;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.SnapshotManagementRequest;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.statemachine.StateMachine;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/// A Raft group with one voter, running in this process on the log in one folder. Any thread may call it.
public final class LogGroup implements AutoCloseable {
    /// Silent: what matters reaches the machine, which tells it in the catalog's words. Held, since a logger that
    /// nothing refers to forgets
    /// its level.
    private static final Logger CHATTY = Logger.getLogger("org.apache.ratis");

    /// `log_<first>-<last>`, or `log_inprogress_<first>`.
    private static final Pattern SEGMENT = Pattern.compile("log_(?:inprogress_)?(\\d{1,18})(?:-\\d{1,18})?");

    private static final long SNAPSHOT_TIMEOUT_MILLIS = 600_000;

    private final RaftServer server;
    private final RaftPeerId peer;
    private final RaftGroupId group;
    private final ClientId client = ClientId.randomId();
    private final AtomicLong calls = new AtomicLong();
    private final RaftClientAsynchronousProtocol division;

    private LogGroup(RaftServer server, RaftPeerId peer, RaftGroupId group) throws IOException {
        this.server = server;
        this.peer = peer;
        this.group = group;
        // The server itself would hand every request to another thread and wait for it.
        this.division = server.getDivision(group) instanceof RaftClientAsynchronousProtocol direct ? direct : server;
    }

    /// Starts. The machine hears when it leads; a lone voter does within milliseconds, after replaying the log.
    ///
    /// @param folder of the log alone
    /// @param format true makes a new log; the folder must then be empty
    public static LogGroup start(
            Path folder, UUID self, UUID groupId, boolean format, StateMachine machine, LogSettings settings)
            throws IOException {
        CHATTY.setLevel(Level.OFF);
        RaftPeerId peer = RaftPeerId.valueOf(self.toString());
        RaftGroupId group = RaftGroupId.valueOf(groupId);
        if (format) {
            refuseToFormat(folder);
            Files.createDirectories(folder);
        } else {
            LogTail.mend(current(folder, groupId), settings.entryBytes());
        }
        RaftServer server = RaftServer.newBuilder()
                .setServerId(peer)
                .setGroup(RaftGroup.valueOf(
                        group, List.of(RaftPeer.newBuilder().setId(peer).build())))
                .setOption(format ? StartupOption.FORMAT : StartupOption.RECOVER)
                .setProperties(properties(folder, settings))
                .setStateMachine(machine)
                .build();
        try {
            server.start();
            return new LogGroup(server, peer, group);
        } catch (IOException | RuntimeException e) {
            server.close();
            throw e;
        }
    }

    /// The index of the first entry that a log still has, 0 being the very first; empty when it has none.
    /// To be asked while it is not running.
    ///
    /// @param folder as for [#start]
    public static OptionalLong firstEntry(Path folder, UUID groupId) throws IOException {
        Path current = current(folder, groupId);
        if (!Files.isDirectory(current)) {
            return OptionalLong.empty();
        }
        try (Stream<Path> files = Files.list(current)) {
            return files.map(file -> SEGMENT.matcher(file.getFileName().toString()))
                    .filter(Matcher::matches)
                    .mapToLong(name -> Long.parseLong(name.group(1)))
                    .min();
        }
    }

    private static Path current(Path folder, UUID groupId) {
        return folder.resolve(groupId.toString()).resolve("current");
    }

    private static void refuseToFormat(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var there = Files.list(folder)) {
                if (there.findAny().isPresent()) {
                    throw new IOException("there is a log in " + folder + " already: it is never formatted over");
                }
            }
        }
    }

    private static RaftProperties properties(Path folder, LogSettings settings) {
        RaftProperties p = new RaftProperties();
        RaftConfigKeys.Rpc.setType(p, new AloneRpc());
        // The default is below /tmp.
        RaftServerConfigKeys.setStorageDir(p, List.of(folder.toFile()));
        // Nobody has to be waited for; leaving out the vote before the vote saves a round.
        TimeDuration soon = TimeDuration.valueOf(1, TimeUnit.MILLISECONDS);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMin(p, soon);
        RaftServerConfigKeys.Rpc.setFirstElectionTimeoutMax(p, soon);
        RaftServerConfigKeys.LeaderElection.setPreVote(p, false);
        // A laptop that slept for an hour is no reason to stop or to step down, where nobody else could take over.
        TimeDuration never = TimeDuration.valueOf(10_000, TimeUnit.DAYS);
        RaftServerConfigKeys.setCloseThreshold(p, never);
        RaftServerConfigKeys.LeaderElection.setLeaderStepDownWaitTime(p, never);

        RaftServerConfigKeys.Log.setSegmentSizeMax(p, SizeInBytes.valueOf(settings.segmentBytes()));
        RaftServerConfigKeys.Log.setPreallocatedSize(p, SizeInBytes.valueOf(settings.preallocatedBytes()));
        // Ratis wraps an entry in some fields of its own.
        int entry = settings.entryBytes() + (64 << 10);
        RaftServerConfigKeys.Log.Appender.setBufferByteLimit(p, SizeInBytes.valueOf(entry));
        RaftServerConfigKeys.Log.setWriteBufferSize(p, SizeInBytes.valueOf(entry + 64));
        RaftServerConfigKeys.Log.setQueueByteLimit(p, SizeInBytes.valueOf(4L * entry));
        RaftServerConfigKeys.Log.setSegmentCacheNumMax(p, 2);
        RaftServerConfigKeys.Log.setSegmentCacheSizeMax(p, SizeInBytes.valueOf(8 << 20));
        RaftServerConfigKeys.Log.setPurgeUptoSnapshotIndex(p, true);
        RaftServerConfigKeys.Log.setPurgeGap(p, 1);
        RaftServerConfigKeys.Log.setLogMetadataEnabled(p, false);
        RaftServerConfigKeys.Write.setByteLimit(p, SizeInBytes.valueOf(8L * entry));

        RaftServerConfigKeys.Snapshot.setAutoTriggerEnabled(p, true);
        RaftServerConfigKeys.Snapshot.setAutoTriggerThreshold(p, settings.snapshotEntries());
        RaftServerConfigKeys.Snapshot.setTriggerWhenStopEnabled(p, false);
        RaftServerConfigKeys.Snapshot.setRetentionFileNum(p, 2);
        RaftServerConfigKeys.Snapshot.setCreationGap(p, 1);

        // Answers are kept in the catalog's own state, for a day; here they would only take memory.
        RaftServerConfigKeys.RetryCache.setExpiryTime(p, TimeDuration.valueOf(1, TimeUnit.SECONDS));
        RaftServerConfigKeys.ThreadPool.setServerSize(p, 2);
        RaftServerConfigKeys.ThreadPool.setClientSize(p, 2);
        RaftServerConfigKeys.ThreadPool.setProxySize(p, 2);
        return p;
    }

    /// Appends an entry. The machine hears when it is committed; `onFailure` hears when that can't be known.
    public void submit(Message message, Consumer<Throwable> onFailure) {
        RaftClientRequest request = RaftClientRequest.newBuilder()
                .setClientId(client)
                .setServerId(peer)
                .setGroupId(group)
                .setCallId(calls.incrementAndGet())
                .setMessage(message)
                .setType(RaftClientRequest.writeRequestType())
                .build();
        CompletableFuture<RaftClientReply> reply;
        try {
            reply = division.submitClientRequestAsync(request);
        } catch (IOException | RuntimeException e) {
            onFailure.accept(e);
            return;
        }
        var _ = reply.whenComplete((answer, e) -> {
            if (e != null) {
                onFailure.accept(e);
            } else if (!answer.isSuccess()) {
                onFailure.accept(answer.getException());
            }
        });
    }

    /// Asks the machine for a snapshot, after which the log is purged up to it. Does not wait; one that fails is
    /// tried again in time.
    public void snapshot() {
        var _ = server.snapshotManagementAsync(SnapshotManagementRequest.newCreate(
                client, peer, group, calls.incrementAndGet(), SNAPSHOT_TIMEOUT_MILLIS));
    }

    /// Stops after what is committed is applied, when that still works.
    @Override
    public void close() throws IOException {
        server.close();
    }
}
