package acervo.wire;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Condition;
import acervo.model.Content;
import acervo.model.FileEntry;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.Outcome;
import acervo.model.Outcome.Result;
import acervo.model.PathPattern;
import acervo.model.Reason;
import acervo.model.Refusal;
import acervo.model.Version;
import java.util.ArrayList;
import java.util.List;

/// The bytes of the model's values inside rows of the catalog and entries of the log (`docs/formats.md`, "Values").
public final class ValueFormat {
    private static final int EXECUTABLE = 0x80;

    private ValueFormat() {}

    public static void blob(Writer to, BlobId blob) {
        to.u64(blob.word0()).u64(blob.word1()).u64(blob.word2()).u64(blob.word3());
    }

    public static BlobId blob(Reader from) {
        return new BlobId(from.u64(), from.u64(), from.u64(), from.u64());
    }

    /// `kind | executable << 7`, the SHA-256, the size, the time.
    public static void content(Writer to, Content content) {
        to.u8(content.kind().code() | (content.executable() ? EXECUTABLE : 0));
        blob(to, content.blob());
        to.varint(content.size()).zigzag(content.modifiedMillis());
    }

    public static Content content(Reader from) {
        int flags = from.u8();
        return new Content(
                Kind.of(flags & ~EXECUTABLE), blob(from), from.varint(), from.zigzag(), (flags & EXECUTABLE) != 0);
    }

    /// Everything of a file but its path, which is in the row's key.
    public static void entry(Writer to, FileEntry entry) {
        to.varint(entry.id()).varint(entry.version().number());
        content(to, entry.content());
        to.varint(entry.replicas())
                .varint(entry.storedMillis())
                .uuid(entry.author().uuid());
    }

    public static FileEntry entry(Reader from, FilePath path) {
        return new FileEntry(
                path,
                from.varint(),
                new Version(from.varint()),
                content(from),
                from.count(Integer.MAX_VALUE),
                from.varint(),
                new ClientId(from.uuid()));
    }

    public static void condition(Writer to, Condition condition) {
        switch (condition) {
            case Condition.Any() -> to.u8(0);
            case Condition.Absent() -> to.u8(1);
            case Condition.Present() -> to.u8(2);
            case Condition.At(Version version) -> to.u8(3).varint(version.number());
        }
    }

    public static Condition condition(Reader from) {
        int tag = from.u8();
        return switch (tag) {
            case 0 -> Condition.ANY;
            case 1 -> Condition.ABSENT;
            case 2 -> Condition.PRESENT;
            case 3 -> new Condition.At(new Version(from.varint()));
            default -> throw new MalformedException("no condition has the tag " + tag);
        };
    }

    /// The reason by its name, which a person can read in a dump and which no reordering changes, and its
    /// arguments.
    public static void refusal(Writer to, Refusal refusal) {
        to.text(refusal.reason().name()).varint(refusal.arguments().size());
        refusal.arguments().forEach(to::text);
    }

    public static Refusal refusal(Reader from) {
        String name = from.text();
        Reason reason;
        try {
            reason = Reason.valueOf(name);
        } catch (IllegalArgumentException e) {
            throw new MalformedException("no reason is called " + name);
        }
        int count = from.count(from.left());
        List<String> arguments = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            arguments.add(from.text());
        }
        return new Refusal(reason, arguments);
    }

    public static void outcome(Writer to, Outcome outcome) {
        switch (outcome) {
            case Outcome.Refused(Refusal refusal) -> refusal(to.u8(0), refusal);
            case Outcome.Done() -> to.u8(1);
            case Outcome.Files(List<Result> results) -> {
                to.u8(2).varint(results.size());
                results.forEach(result -> result(to, result));
            }
            case Outcome.Forgotten(List<BlobId> blobs) -> {
                to.u8(3).varint(blobs.size());
                blobs.forEach(blob -> blob(to, blob));
            }
            case Outcome.Trimmed(int count) -> to.u8(4).varint(count);
            case Outcome.Wanted(long interest, long seen, List<FileEntry> there) -> {
                to.u8(5).varint(interest).varint(seen).varint(there.size());
                there.forEach(entry -> entry(to.text(entry.path().text()), entry));
            }
        }
    }

    public static Outcome outcome(Reader from) {
        int tag = from.u8();
        return switch (tag) {
            case 0 -> new Outcome.Refused(refusal(from));
            case 1 -> Outcome.DONE;
            case 2 -> {
                int count = from.count(from.left());
                List<Result> results = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    results.add(result(from));
                }
                yield new Outcome.Files(results);
            }
            case 3 -> {
                int count = from.count(from.left() / BlobId.BYTES);
                List<BlobId> blobs = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    blobs.add(blob(from));
                }
                yield new Outcome.Forgotten(blobs);
            }
            case 4 -> new Outcome.Trimmed(from.count(Integer.MAX_VALUE));
            case 5 -> {
                long interest = from.varint();
                long seen = from.varint();
                int count = from.count(from.left());
                List<FileEntry> there = new ArrayList<>(count);
                for (int i = 0; i < count; i++) {
                    there.add(entry(from, path(from)));
                }
                yield new Outcome.Wanted(interest, seen, there);
            }
            default -> throw new MalformedException("no outcome has the tag " + tag);
        };
    }

    private static void result(Writer to, Result result) {
        switch (result) {
            case Result.Now(FileEntry entry, boolean changed) -> {
                to.u8(changed ? 1 : 0).text(entry.path().text());
                entry(to, entry);
            }
            case Result.Gone(FilePath path, Version version) ->
                to.u8(2).text(path.text()).varint(version.number());
            case Result.No(FilePath path, Refusal refusal) -> refusal(to.u8(3).text(path.text()), refusal);
        }
    }

    private static Result result(Reader from) {
        int tag = from.u8();
        FilePath path = path(from);
        return switch (tag) {
            case 0 -> new Result.Now(entry(from, path), false);
            case 1 -> new Result.Now(entry(from, path), true);
            case 2 -> new Result.Gone(path, new Version(from.varint()));
            case 3 -> new Result.No(path, refusal(from));
            default -> throw new MalformedException("no result has the tag " + tag);
        };
    }

    public static PathPattern pattern(Reader from) {
        return PathPattern.parse(from.text());
    }

    public static FilePath path(Reader from) {
        return new FilePath(from.text());
    }
}
