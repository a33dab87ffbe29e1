package acervo.sync.local;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import acervo.sync.ignore.IgnoreRules;
import acervo.watch.Listing;
import acervo.watch.Posix;
import acervo.watch.PosixException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;

/// Reads the ignore files of the synced folder.
final class IgnoreFiles {
    private final Session session;
    private IgnoreRules rules = IgnoreRules.NONE;

    private IgnoreFiles(Session session) {
        this.session = session;
    }

    /// What all of them say.
    static IgnoreRules all(Session session) {
        IgnoreFiles files = new IgnoreFiles(session);
        files.walk("", session.folder());
        return files.rules;
    }

    private void walk(String path, int folder) {
        rules = read(session.posix(), rules, path, folder);
        try {
            Listing entries = session.posix().list(folder);
            while (entries.next()) {
                String name = entries.mayBeFolder() ? entries.name() : null;
                if (name != null && !rules.ignoresAlone(Scan.join(path, name), true)) {
                    inside(Scan.join(path, name), name, folder);
                }
            }
        } catch (PosixException _) {
            // The scan that follows comes here too, and reports it.
        }
    }

    private void inside(String path, String name, int folder) {
        int opened;
        try {
            opened = session.posix().openFolder(folder, name, session.device());
        } catch (PosixException _) {
            // No folder, or an unreadable one, which the scan will report.
            return;
        }
        try {
            walk(path, opened);
        } finally {
            session.posix().close(opened);
        }
    }

    /// `rules` with what the ignore file of an open folder says now, as much as fits into 256 KiB; one that is not
    /// there, or can't be read, which the scan reports of it as of any other, says nothing.
    static IgnoreRules read(Posix posix, IgnoreRules rules, String path, int folder) {
        int file;
        try {
            file = posix.open(folder, IgnoreRules.FILE_NAME, Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK, 0);
        } catch (PosixException _) {
            return rules.without(path);
        }
        try {
            MemorySegment buffer = posix.scratch();
            long length = 0;
            for (long count = -1; count != 0; length += count) {
                count = posix.read(file, buffer.asSlice(length), buffer.byteSize() - length);
            }
            return rules.with(path, new String(buffer.asSlice(0, length).toArray(JAVA_BYTE), StandardCharsets.UTF_8));
        } catch (PosixException _) {
            return rules.without(path);
        } finally {
            posix.close(file);
        }
    }
}
