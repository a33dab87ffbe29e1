package acervo.blob;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The partial blobs of a store on disk, and which of them are open. Any thread.
final class Stages {
    private final DiskStage.Parts parts;
    private final Layout layout;
    private final Disk disk;
    private final Set<StageId> open = new HashSet<>();

    Stages(Medium medium, Layout layout, SegmentWriter writer, LargeBlobs large, int packedBytes) {
        this.parts = new DiskStage.Parts(medium, layout, writer, large, packedBytes, this::ended);
        this.layout = layout;
        this.disk = medium.disk();
    }

    Stage open(StageId id) {
        parts.medium().requireSound();
        begin(id);
        Stage stage = null;
        try {
            stage = DiskStage.open(id, parts);
            return stage;
        } finally {
            if (stage == null) {
                ended(id);
            }
        }
    }

    List<StagedBlob> list() {
        List<StagedBlob> all = new ArrayList<>();
        try {
            for (String name : disk.list(layout.staging())) {
                Optional<StageId> id = Layout.stageId(name);
                if (id.isPresent()) {
                    add(id.get(), all);
                }
            }
        } catch (IOException e) {
            throw new StoreFailedException("listing " + layout.staging() + " failed: " + e.getMessage(), e);
        }
        return all;
    }

    private void add(StageId id, List<StagedBlob> to) throws IOException {
        try {
            Disk.Stamp stamp = disk.stamp(layout.stage(id));
            to.add(new StagedBlob(id, stamp.size(), stamp.modifiedMillis()));
        } catch (NoSuchFileException endedMeanwhile) {
            // Not one of them any more.
        }
    }

    void discard(StageId id) {
        begin(id);
        try {
            DiskStage.unlink(parts.medium(), layout.stage(id));
        } finally {
            ended(id);
        }
    }

    private void begin(StageId id) {
        synchronized (open) {
            if (!open.add(id)) {
                throw new IllegalStateException("stage " + id + " is open already");
            }
        }
    }

    private void ended(StageId id) {
        synchronized (open) {
            open.remove(id);
        }
    }
}
