package acervo.depot;

import static acervo.depot.World.ANA;
import static acervo.depot.World.HOME;
import static acervo.depot.World.bytes;
import static acervo.depot.World.id;
import static acervo.depot.World.path;
import static acervo.depot.World.request;
import static acervo.depot.World.small;
import static acervo.depot.World.target;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import acervo.catalog.Catalog.Item;
import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.model.RequestId;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a depot does, cut off at steps of store and catalog, and what must be true afterwards. (What the disk itself
/// may lose in a power cut is the store's own test.)
final class CrashTest {
    private static final int LIVES = 6;

    @TempDir
    Path folder;

    @Test
    void killedAtAnyStepNothingAcknowledgedIsLostAndNothingIsLeftBehind() {
        int steps = 0;
        while (true) {
            try (World world = new World(folder.resolve("run" + steps))) {
                Run run = new Run(world);
                boolean crashed = run.live(steps, run::doEverything);
                world.killAndRestart();
                run.check();
                run.checkNothingIsLeftBehind();
                if (!crashed) {
                    break;
                }
            }
            steps++;
        }
        assertTrue(steps > 40, "only " + steps + " steps were seen");
    }

    @Test
    void killedAgainAndAgainTheRealStoreAndCatalogLoseNothingAndLeaveNothingBehind() {
        long seed = Long.getLong("acervo.seed", System.nanoTime());
        System.out.println("depot.CrashTest: -Dacervo.seed=" + seed);
        Random random = new Random(seed);
        try (World world = new DiskWorld(folder.resolve("world"))) {
            Run run = new Run(world);
            for (int life = 0; life < LIVES; life++) {
                assertTrue(run.live(random.nextInt(30), () -> run.doThings(random)));
                world.killAndRestart();
                run.check();
            }
            run.checkNothingIsLeftBehind();
        }
    }

    /// The process dies here.
    private static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private static final class Run {
        private final World world;
        private int stepsLeft;

        /// What must be there, and what may be there besides: a removal or a deposit whose answer never came.
        private final Map<String, byte[]> must = new HashMap<>();

        private final Map<String, List<byte[]>> may = new HashMap<>();
        private RequestId upload = request();
        private final byte[] uploaded = bytes(1_500_000, 5);
        private boolean uploadBegun;
        private boolean uploadDone;

        Run(World world) {
            this.world = world;
        }

        /// Does them until so many steps are over.
        ///
        /// @return whether that was before their end
        boolean live(int steps, Runnable deeds) {
            boolean crashed = false;
            stepsLeft = steps;
            world.blobs.beforePut = this::step;
            world.blobs.afterPut = this::step;
            world.blobs.beforeCommit = this::step;
            world.blobs.afterCommit = this::step;
            world.blobs.beforeWrite = this::step;
            world.blobs.beforeDiscard = this::step;
            world.blobs.beforeRemove = this::step;
            world.catalog.before = command -> step();
            world.catalog.after = command -> step();
            try {
                deeds.run();
            } catch (Crash e) {
                crashed = true;
            }
            world.blobs.beforePut = () -> {};
            world.blobs.afterPut = () -> {};
            world.blobs.beforeCommit = () -> {};
            world.blobs.afterCommit = () -> {};
            world.blobs.beforeWrite = () -> {};
            world.blobs.beforeDiscard = () -> {};
            world.blobs.beforeRemove = () -> {};
            world.catalog.before = command -> {};
            world.catalog.after = command -> {};
            return crashed;
        }

        /// From the chosen step on nothing works any more: also what is done on the way out of a method.
        private void step() {
            if (stepsLeft-- <= 0) {
                throw new Crash();
            }
        }

        void doEverything() {
            put("small", bytes(10, 1));
            put("large", bytes(1_200_000, 2));
            put("small", bytes(10, 3));
            batch();
            uploadInTwo();
            remove("large");
            collectAll();
            // Bytes that were just collected, again.
            put("large again", bytes(1_200_000, 2));
            put("small again", bytes(10, 1));
        }

        /// Few names and few contents, so that they are replaced, removed, collected and stored again.
        void doThings(Random random) {
            while (true) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> put("small" + random.nextInt(3), bytes(5_000, random.nextInt(3)));
                    case 2, 3 -> put("large" + random.nextInt(2), bytes(1_200_000, random.nextInt(2)));
                    case 4 -> batch();
                    case 5 -> uploadInTwo();
                    case 6 -> must.keySet().stream().sorted().findFirst().ifPresent(this::remove);
                    default -> collectAll();
                }
            }
        }

        private void collectAll() {
            world.clock.pass(Duration.ofDays(31));
            world.depot.collector().trim();
            world.clock.pass(Duration.ofHours(2));
            world.depot.collector().collect();
        }

        private void put(String name, byte[] bytes) {
            allow(name, bytes);
            world.put(name, bytes);
            acknowledged(name, bytes);
        }

        private void batch() {
            allow("batch 1", bytes(10, 11));
            allow("batch 2", bytes(10, 12));
            world.depot.depositAll(
                    ANA, HOME, 0, request(), List.of(small("batch 1", bytes(10, 11)), small("batch 2", bytes(10, 12))));
            acknowledged("batch 1", bytes(10, 11));
            acknowledged("batch 2", bytes(10, 12));
        }

        private void uploadInTwo() {
            allow("upload", uploaded);
            upload = request();
            uploadBegun = false;
            uploadDone = false;
            world.depot.uploads().create(ANA, target("upload", upload));
            uploadBegun = true;
            append(0, 700_000);
            append(700_000, uploaded.length);
            world.depot.uploads().complete(ANA, upload, Optional.of(id(uploaded)));
            uploadDone = true;
            acknowledged("upload", uploaded);
        }

        private void append(int from, int to) {
            try (Uploads.Append append = world.depot.uploads().append(ANA, upload, from)) {
                append.write(ByteBuffer.wrap(uploaded, from, to - from));
            }
        }

        private void remove(String name) {
            byte[] there = must.remove(name);
            if (there != null) {
                allow(name, there);
            }
            world.remove(name);
            may.remove(name);
        }

        private void allow(String name, byte[] bytes) {
            may.computeIfAbsent(name, same -> new ArrayList<>()).add(bytes);
            byte[] before = must.remove(name);
            if (before != null) {
                may.get(name).add(before);
            }
        }

        private void acknowledged(String name, byte[] bytes) {
            may.remove(name);
            must.put(name, bytes);
        }

        /// After a restart.
        void check() {
            checkFiles();
            finishUpload();
            settle();
        }

        /// What is seen after a restart stays.
        private void settle() {
            for (String name : may.keySet()) {
                if (world.exists(name)) {
                    must.put(name, world.get(name));
                }
            }
            may.clear();
        }

        void checkNothingIsLeftBehind() {
            world.depot.housekeeping().tick();
            world.clock.pass(Duration.ofHours(2));
            world.depot.housekeeping().tick();
            world.clock.pass(Duration.ofDays(31));
            world.depot.housekeeping().tick();
            world.clock.pass(Duration.ofHours(2));
            world.depot.housekeeping().tick();
            checkFiles();
            checkNothingElse();
        }

        private void checkFiles() {
            must.forEach((name, bytes) -> assertArrayEquals(bytes, world.get(name), name));
            for (Item item :
                    world.depot.list(ANA, HOME, FilePath.ROOT, true, null, 100).items()) {
                String name = item.path().text();
                byte[] bytes = world.get(name);
                List<byte[]> allowed = may.getOrDefault(name, List.of());
                assertTrue(
                        must.containsKey(name) || allowed.stream().anyMatch(one -> Arrays.equals(one, bytes)),
                        "nobody deposited " + name);
            }
            // A file that was being replaced is there in its old or in its new version.
            may.forEach((name, versions) -> {
                if (versions.size() > 1) {
                    assertTrue(world.exists(name), name);
                }
            });
        }

        /// What a client does that lost its connection.
        private void finishUpload() {
            if (!uploadBegun || uploadDone) {
                return;
            }
            Uploads uploads = world.depot.uploads();
            Uploads.Progress progress = uploads.find(ANA, upload);
            if (!progress.complete() && progress.offset() < uploaded.length) {
                append((int) progress.offset(), uploaded.length);
            }
            uploads.complete(ANA, upload, Optional.of(id(uploaded)));
            uploadDone = true;
            acknowledged("upload", uploaded);
            assertArrayEquals(uploaded, world.get("upload"));
        }

        private void checkNothingElse() {
            Set<BlobId> wanted = new HashSet<>();
            for (Item item :
                    world.depot.list(ANA, HOME, FilePath.ROOT, true, null, 100).items()) {
                FilePath path = path(item.path().text());
                wanted.add(world.depot.file(ANA, HOME, path).content().blob());
            }
            assertEquals(wanted, world.blobs.contents().keySet());
            assertTrue(world.blobs.stages().isEmpty());
            assertEquals(0, world.depot.status().uploads());
        }
    }
}
