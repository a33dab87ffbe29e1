package acervo.sync.local;

import acervo.sync.ignore.IgnoreRules;
import acervo.sync.index.FileIndex;
import acervo.watch.Stat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A measurement, not a test: `main FOLDER FILES` makes so many small files in a new folder and prints how long the
/// first scan and a rescan with nothing changed take, how much heap a file takes, and how soon a closed file is
/// seen.
final class Measurement {
    private Measurement() {}

    public static void main(String[] args) throws Exception {
        Path temp = Files.createTempDirectory(Path.of(args[0]), "measurement");
        int files = Integer.parseInt(args[1]);
        Path folder = Files.createDirectories(temp.resolve("folder"));
        for (int i = 0; i < files; i++) {
            Path in = folder.resolve("folder " + i / 1000).resolve("sub " + i / 50 % 20);
            if (i % 50 == 0) {
                Files.createDirectories(in);
            }
            Files.writeString(in.resolve("file number " + i + ".txt"), "text " + i);
        }
        long with = measure(temp, files);
        System.out.printf("heap: %,d bytes a file%n", (with - heap()) / files);
    }

    private static long measure(Path temp, int files) throws Exception {
        try (LiveFolder live = new LiveFolder(temp)) {
            long begin = System.nanoTime();
            live.start();
            print("first scan, each file hashed", files, System.nanoTime() - begin);
            live.index.force();
            live.seen.clear();
            for (int i = 0; i < 8; i++) {
                begin = System.nanoTime();
                long seen = scan(live.folder, live.index, i);
                print("rescan, nothing changed", seen, System.nanoTime() - begin);
            }
            latency(live);
            return heap();
        }
    }

    private static void print(String what, long files, long nanos) {
        System.out.printf("%s: %,d in %,d ms, %,d/s%n", what, files, nanos / 1_000_000, files * 1_000_000_000L / nanos);
    }

    private static long heap() {
        for (int i = 0; i < 4; i++) {
            System.gc();
        }
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long scan(Path folder, FileIndex index, int number) throws Exception {
        try (Root root = new Root(folder, LiveFolder.MARKER);
                Session session = root.enter()) {
            Scan scan = new Scan(session, index, IgnoreRules.NONE, 1_000_000 + number, new Nothing());
            scan.tree("");
            return scan.seen();
        }
    }

    private static void latency(LiveFolder live) throws IOException, InterruptedException {
        long[] took = new long[1000];
        for (int i = 0; i < took.length; i++) {
            Path file = live.at("latency" + i % 100);
            String text = "latency " + i;
            Files.writeString(file, text);
            long closed = System.nanoTime();
            live.seen.awaitTold("present " + file.getFileName());
            took[i] = System.nanoTime() - closed;
            live.seen.forget();
        }
        Arrays.sort(took);
        System.out.printf(
                "closed -> seen: p50 %,d us, p99 %,d us, most %,d us%n",
                took[500] / 1000, took[990] / 1000, took[999] / 1000);
    }

    private static final class Nothing implements Scan.Taker {
        @Override
        public void changed(String path, Stat stat) {
            throw new IllegalStateException(path + " has changed");
        }

        @Override
        public void folder(String path) {
            throw new IllegalStateException(path + " is new");
        }

        @Override
        public void unseen(String path) {
            throw new IllegalStateException(path + " is gone");
        }

        @Override
        public void rest() {
            // There is nothing to be read.
        }

        @Override
        public void trouble(String path, @Nullable String what) {
            throw new IllegalStateException(path + ": " + what);
        }

        @Override
        public void troubles(String folder, Map<String, String> found) {
            if (!found.isEmpty()) {
                throw new IllegalStateException(folder + ": " + found);
            }
        }
    }
}
