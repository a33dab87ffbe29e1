package acervo.blob;

import acervo.model.BlobId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/// A file under `staging/` that grows, with the sums of its whole blocks beside it.
///
/// Nothing is forced before [#commit], and it need not be: a sum is written after its block, either may be lost
/// in a power cut, and a block whose sum does not match is cut off when the stage is opened again. So the order
/// in which the two files reach the disk does not matter. The sum of the last, partial block is written only on
/// [#close].
final class DiskStage implements Stage {
    /// Written, summed and hashed in pieces that stay in the processor's cache between the three.
    private static final int PIECE = Chunks.SIZE;

    private static final int SUMS_OF_A_PIECE = (PIECE / Blocks.SIZE + 1) * Integer.BYTES;

    private final StageId id;
    private final Parts parts;
    private final Path path;
    private final DiskFile bytes;
    private final DiskFile side;
    private final WriteBack writeBack;
    private final Sha256 hash = new Sha256();
    private final CRC32C block = new CRC32C();
    private final ByteBuffer sums = ByteBuffer.allocate(4096);
    private long length;
    /// Whether all sums and the end are in the side file.
    private boolean complete;

    private boolean open = true;

    /// What a stage needs of its store.
    ///
    /// @param packedBytes blobs up to that length go to a segment
    record Parts(Medium medium, Layout layout, SegmentWriter writer, LargeBlobs large, int packedBytes, Ended ended) {}

    /// Told when a stage is let go of.
    interface Ended {
        void ended(StageId id);
    }

    private DiskStage(StageId id, Parts parts, Path path, DiskFile bytes, DiskFile side) {
        this.id = id;
        this.parts = parts;
        this.path = path;
        this.bytes = bytes;
        this.side = side;
        this.writeBack = new WriteBack(parts.medium, bytes, "stage " + id);
    }

    static DiskStage open(StageId id, Parts parts) {
        Disk disk = parts.medium.disk();
        Path path = parts.layout.stage(id);
        DiskFile bytes = null;
        DiskFile side = null;
        DiskStage stage = null;
        try {
            bytes = openOrCreate(disk, path);
            side = openOrCreate(disk, Layout.side(path));
            DiskStage opened = new DiskStage(id, parts, path, bytes, side);
            opened.resume();
            stage = opened;
            return opened;
        } catch (IOException e) {
            throw parts.medium.broken("opening stage " + id, e);
        } finally {
            if (stage == null) {
                Closing.quietly(bytes);
                Closing.quietly(side);
            }
        }
    }

    private static DiskFile openOrCreate(Disk disk, Path path) throws IOException {
        try {
            return disk.open(path, Disk.Mode.WRITE);
        } catch (NoSuchFileException e) {
            return disk.open(path, Disk.Mode.CREATE);
        }
    }

    /// Takes up what is there, up to the first block that does not match its sum.
    ///
    /// Bytes and sums are read from the medium: after a force that failed, the system's cache may hold what
    /// never reached it, and never will.
    private void resume() throws IOException {
        boolean known;
        try (DiskFile mediumSide = parts.medium.disk().open(Layout.side(path), Disk.Mode.READ_MEDIUM);
                DiskFile mediumBytes = parts.medium.disk().open(path, Disk.Mode.READ_MEDIUM)) {
            known = isSideFile(mediumSide);
            if (known) {
                takeUp(mediumBytes, mediumSide);
            }
        }
        bytes.truncate(length);
        side.truncate(known ? SideFile.at(length / Blocks.SIZE) : 0);
        if (!known) {
            side.writeFully(SideFile.head(), 0);
        }
    }

    private static boolean isSideFile(DiskFile side) throws IOException {
        if (side.size() < SideFile.HEAD) {
            return false;
        }
        ByteBuffer head = ByteBuffer.allocate(SideFile.HEAD);
        side.readFully(head, 0);
        return SideFile.isHead(head.flip());
    }

    private void takeUp(DiskFile fromBytes, DiskFile fromSide) throws IOException {
        long size = fromBytes.size();
        long known = (fromSide.size() - SideFile.HEAD) / Integer.BYTES;
        ByteBuffer sum = ByteBuffer.allocate(Integer.BYTES);
        ByteBuffer chunk = Chunks.take();
        try {
            while (length < size && length / Blocks.SIZE < known) {
                chunk.clear().limit((int) Math.min(Blocks.SIZE, size - length));
                fromBytes.readFully(chunk, length);
                fromSide.readFully(sum.clear(), SideFile.at(length / Blocks.SIZE));
                if (Blocks.sum(chunk.flip()) != sum.getInt(0)) {
                    return;
                }
                hash.update(chunk);
                block.update(chunk.duplicate());
                length += chunk.limit();
                if (chunk.limit() == Blocks.SIZE) {
                    block.reset();
                }
            }
        } finally {
            Chunks.give(chunk);
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public BlobId digest() {
        return hash.soFar();
    }

    @Override
    public void write(ByteBuffer from) {
        requireOpen();
        parts.medium.admit(from.remaining());
        complete = false;
        try {
            while (from.hasRemaining()) {
                if (sums.remaining() < SUMS_OF_A_PIECE) {
                    flushSums();
                }
                ByteBuffer piece = from.slice(from.position(), Math.min(PIECE, from.remaining()));
                int n = bytes.write(piece, length);
                take(piece.flip());
                from.position(from.position() + n);
            }
            flushSums();
        } catch (IOException e) {
            throw parts.medium.broken("writing stage " + id, e);
        }
        writeBack.wrote(length);
    }

    /// Sums and hashes what was written.
    private void take(ByteBuffer piece) {
        hash.update(piece);
        while (piece.hasRemaining()) {
            int n = (int) Math.min(piece.remaining(), Blocks.SIZE - length % Blocks.SIZE);
            block.update(piece.slice(piece.position(), n));
            piece.position(piece.position() + n);
            length += n;
            if (length % Blocks.SIZE == 0) {
                sums.putInt((int) block.getValue());
                block.reset();
            }
        }
    }

    private void flushSums() throws IOException {
        if (sums.position() > 0) {
            long first = length / Blocks.SIZE - sums.position() / Integer.BYTES;
            side.writeFully(sums.duplicate().flip(), SideFile.at(first));
            sums.clear();
        }
    }

    @Override
    public BlobId commit() {
        requireOpen();
        parts.medium.requireSound();
        BlobId digest = digest();
        try {
            if (length <= parts.packedBytes) {
                commitPacked(digest);
            } else {
                commitLarge(digest);
            }
        } catch (IOException e) {
            throw parts.medium.broken("committing stage " + id, e);
        }
        return digest;
    }

    private void commitPacked(BlobId digest) throws IOException {
        ByteBuffer content = ByteBuffer.allocate((int) length);
        bytes.readFully(content, 0);
        parts.writer.deposit(List.of(Note.blob(new SmallBlob(digest, content.flip()))), -1);
        discard();
    }

    private void commitLarge(BlobId digest) throws IOException {
        writePartialSum();
        side.writeFully(SideFile.end(digest, length), SideFile.at(Blocks.count(length)));
        writeBack.finish();
        parts.medium.force(side, "the block sums of stage " + id);
        complete = true;
        try {
            parts.large.adopt(digest, length, path, parts.writer);
            end();
        } catch (StoreFullException e) {
            // It has its own name still, and can be committed again.
            throw e;
        } catch (StoreException e) {
            // It may be the blob's file by now: nothing may be written to it any more.
            end();
            throw e;
        }
    }

    private void writePartialSum() throws IOException {
        if (length % Blocks.SIZE != 0) {
            side.writeFully(
                    ByteBuffer.allocate(Integer.BYTES)
                            .putInt((int) block.getValue())
                            .flip(),
                    SideFile.at(length / Blocks.SIZE));
        }
    }

    @Override
    public void discard() {
        if (open) {
            end();
            unlink(parts.medium, path);
        }
    }

    static void unlink(Medium medium, Path path) {
        try {
            medium.disk().unlink(path);
            medium.disk().unlink(Layout.side(path));
        } catch (IOException e) {
            throw new StoreFailedException("deleting " + path + " failed: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (open) {
            try {
                if (!complete) {
                    flushSums();
                    writePartialSum();
                }
            } catch (IOException e) {
                // The last, partial block has to be sent again.
                System.getLogger(DiskStage.class.getName())
                        .log(System.Logger.Level.DEBUG, "stage " + id + " loses its last block", e);
            } finally {
                end();
            }
        }
    }

    private void end() {
        open = false;
        writeBack.await();
        Closing.quietly(bytes);
        Closing.quietly(side);
        parts.ended.ended(id);
    }

    private void requireOpen() {
        if (!open) {
            throw new IllegalStateException("stage " + id + " has ended");
        }
    }
}
