package acervo.e2e;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/// What a folder holds at one moment: names, kinds, whether files may be run, sizes, times in milliseconds and bytes;
/// Acervo's own files left
/// out.
record FolderShot(Map<String, String> things) {
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(180);

    static FolderShot of(Path folder) {
        return of(folder, true);
    }

    /// @param bytes whether they are read; else only sizes and times are compared
    private static FolderShot of(Path folder, boolean bytes) {
        Map<String, String> things = new TreeMap<>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes facts) throws IOException {
                    if (dir.equals(folder)) {
                        return FileVisitResult.CONTINUE;
                    }
                    if (isOwn(dir)) {
                        return FileVisitResult.SKIP_SUBTREE;
                    }
                    things.put(folder.relativize(dir).toString(), "folder");
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes facts) throws IOException {
                    if (!isOwn(file)) {
                        things.put(folder.relativize(file).toString(), describe(file, facts, bytes));
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new FolderShot(things);
    }

    private static boolean isOwn(Path path) {
        return String.valueOf(path.getFileName()).startsWith(".acervo-");
    }

    private static String describe(Path file, BasicFileAttributes facts, boolean bytes) throws IOException {
        try {
            if (facts.isSymbolicLink()) {
                return "link to " + Files.readSymbolicLink(file);
            }
            boolean runs = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS)
                    .contains(PosixFilePermission.OWNER_EXECUTE);
            return (runs ? "x " : "- ") + facts.size() + " "
                    + facts.lastModifiedTime().toMillis() + " " + (bytes ? hash(file) : "");
        } catch (NoSuchFileException _) {
            return "gone";
        }
    }

    private static String hash(Path file) throws IOException {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
                in.transferTo(java.io.OutputStream.nullOutputStream());
            }
            return java.util.HexFormat.of().formatHex(digest.digest(), 0, 8);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// What is in one and not, or not so, in the other.
    String differenceTo(FolderShot other) {
        StringBuilder text = new StringBuilder();
        things.forEach((name, one) -> {
            String two = other.things.get(name);
            if (!one.equals(two)) {
                text.append(name)
                        .append(": ")
                        .append(one)
                        .append(" / ")
                        .append(two)
                        .append('\n');
            }
        });
        other.things.forEach((name, two) -> {
            if (!things.containsKey(name)) {
                text.append(name).append(": - / ").append(two).append('\n');
            }
        });
        return text.toString();
    }

    /// Waits until all folders hold the same as the first one.
    static FolderShot awaitAlike(Path first, Path... others) {
        long deadline = System.nanoTime() + LONGEST_NANOS;
        String differences = differences(false, first, others);
        while (!differences.isEmpty() && System.nanoTime() < deadline) {
            breathe();
            differences = differences(false, first, others);
        }
        if (differences.isEmpty()) {
            differences = differences(true, first, others);
        }
        if (!differences.isEmpty()) {
            throw new AssertionError("not alike:\n" + differences);
        }
        return of(first);
    }

    /// Between two looks.
    static void breathe() {
        try {
            boolean _ = new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String differences(boolean bytes, Path first, Path... others) {
        FolderShot shot = of(first, bytes);
        StringBuilder differences = new StringBuilder();
        for (Path other : others) {
            String difference = shot.differenceTo(of(other, bytes));
            if (!difference.isEmpty()) {
                differences
                        .append(first)
                        .append(" / ")
                        .append(other)
                        .append('\n')
                        .append(difference);
            }
        }
        return differences.toString();
    }
}
