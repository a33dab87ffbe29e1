package acervo.e2e;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// A small file system of its own on a loop device, which can be filled. Needs root.
final class Disks implements AutoCloseable {
    private final Path mount;

    private Disks(Path mount) {
        this.mount = mount;
    }

    static boolean possible() {
        return "root".equals(System.getProperty("user.name"))
                && Program.run(
                                        List.of("sh", "-c", "command -v mkfs.ext4 && test -e /dev/loop-control"),
                                        Map.of(),
                                        Path.of("/"),
                                        null)
                                .exit()
                        == 0;
    }

    /// An ext4 file system of so many MiB, mounted at `folder/disk`.
    static Disks small(Path folder, int mib) {
        Path image = folder.resolve("disk.img");
        Path mount = folder.resolve("disk");
        sh("truncate -s " + mib + "M '" + image + "' && mkfs.ext4 -q -m 0 '" + image + "' && mkdir -p '" + mount
                + "' && mount -o loop '" + image + "' '" + mount + "'");
        return new Disks(mount);
    }

    Path path() {
        return mount;
    }

    /// Takes all the room that is left but so many KiB.
    void fill(long leaveKib) {
        sh("free=$(df --output=avail -k '" + mount + "' | tail -1); n=$((free - " + leaveKib
                + ")); [ $n -le 0 ] || fallocate -l ${n}K '" + mount + "/ballast-of-the-test'");
    }

    void relieve() {
        sh("rm -f '" + mount + "/ballast-of-the-test'");
    }

    private static void sh(String script) {
        Program.run(List.of("sh", "-ec", script), Map.of(), Path.of("/"), null).ok();
    }

    @Override
    public void close() {
        sh("umount '" + mount + "' || umount -l '" + mount + "'");
    }
}
