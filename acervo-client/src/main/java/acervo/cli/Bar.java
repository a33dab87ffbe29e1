package acervo.cli;

import acervo.client.Progress;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// A progress bar on the error stream: how much, how fast, how long still. Drawn at most ten times a second, by
/// whichever
/// thread happens to report.
final class Bar implements Progress {
    private static final long REDRAW_NANOS = 100_000_000;
    private static final int CELLS = 20;

    private final OutputStream err;
    private final Texts texts;
    private final String label;
    private final long started = System.nanoTime();

    private long drawnAt = started;
    private boolean visible;
    private long moved;
    private long bytes;
    private long files;
    private long filesDone;

    Bar(Surroundings io, Texts texts, String label) {
        this.err = io.err();
        this.texts = texts;
        this.label = label;
    }

    @Override
    public synchronized void moved(long n) {
        moved += n;
        redraw();
    }

    @Override
    public synchronized void found(long moreFiles, long moreBytes) {
        files += moreFiles;
        bytes += moreBytes;
        redraw();
    }

    @Override
    public synchronized void done(long n) {
        filesDone += n;
        redraw();
    }

    private void redraw() {
        long now = System.nanoTime();
        if (now - drawnAt >= REDRAW_NANOS) {
            drawnAt = now;
            visible = true;
            write("\r" + text(now) + "\u001B[K");
        }
    }

    /// The line, at most 79 columns for names that take one column a character.
    private String text(long now) {
        double seconds = (now - started) / 1e9;
        double rate = moved / Math.max(seconds, 0.001);
        StringBuilder tail = new StringBuilder();
        if (files > 1) {
            tail.append(Shown.count(filesDone, texts))
                    .append('/')
                    .append(Shown.count(files, texts))
                    .append("  ");
        }
        int percent = bytes > 0 ? (int) Math.min(100, moved * 100 / bytes) : 0;
        if (bytes > 0) {
            int full = percent * CELLS / 100;
            tail.append('[')
                    .append("#".repeat(full))
                    .append(".".repeat(CELLS - full))
                    .append("] ");
            tail.append(percent).append("%  ");
        }
        tail.append(Shown.size(moved, texts))
                .append("  ")
                .append(Shown.size((long) rate, texts))
                .append("/s");
        if (bytes > moved && rate > 0) {
            tail.append("  ").append(texts.get("bar.left", Shown.duration((long) Math.ceil((bytes - moved) / rate))));
        }
        int room = Math.max(8, 77 - tail.length());
        String name = label.length() > room ? label.substring(0, room - 1) + "…" : label;
        return name + "  " + tail;
    }

    /// Makes room for a line; the bar comes back with the next report.
    synchronized void pause() {
        if (visible) {
            write("\r\u001B[K");
            visible = false;
        }
    }

    void end() {
        pause();
    }

    private void write(String s) {
        try {
            err.write(s.getBytes(StandardCharsets.UTF_8));
        } catch (IOException _) {
            visible = false;
        }
    }
}
