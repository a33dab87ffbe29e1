package acervo.depot;

import acervo.model.BlobId;
import acervo.model.ClientId;
import acervo.model.Condition;
import acervo.model.FilePath;
import acervo.model.Kind;
import acervo.model.RefusedException;
import acervo.model.RequestId;
import acervo.model.SpaceName;
import acervo.model.Version;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// What is kept of a resumable upload beside its bytes.
///
/// ```
/// u8 format = 1 | 16 bytes owner | 16 bytes request | i64 created (ms)
/// | u16 length, space | u16 length, path | u8 kind | i64 modified (ms) | u8 executable | i32 replicas
/// | u8 condition (0 any, 1 absent, 2 present, 3 at) | i64 version (0 unless 3)
/// | u8 1, 32 bytes digest  or  u8 0 | i64 length, -1 for not announced
/// | u8 1, 32 bytes sealed digest, i64 sealed length  or  u8 0
/// ```
/// Numbers are big-endian; texts are Java's modified UTF-8.
///
/// @param sealed set just before the bytes leave their stage for the store, so that a crash between the two does not
/// cost the client its
///     upload
record UploadRecord(ClientId owner, Target target, long createdMillis, Optional<Sealed> sealed) {
    private static final int FORMAT = 1;

    /// @param id what the bytes were found to be
    record Sealed(BlobId id, long length) {}

    UploadRecord sealed(BlobId id, long length) {
        return new UploadRecord(owner, target, createdMillis, Optional.of(new Sealed(id, length)));
    }

    byte[] encode() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeByte(FORMAT);
            write(out, owner.uuid());
            write(out, target.request().uuid());
            out.writeLong(createdMillis);
            out.writeUTF(target.space().text());
            out.writeUTF(target.path().text());
            out.writeByte(target.kind().code());
            out.writeLong(target.modifiedMillis());
            out.writeBoolean(target.executable());
            out.writeInt(target.replicas());
            write(out, target.condition());
            write(out, target.digest());
            out.writeLong(target.length().orElse(-1));
            write(out, sealed.map(Sealed::id));
            if (sealed.isPresent()) {
                out.writeLong(sealed.get().length());
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory can't fail", e);
        }
        return bytes.toByteArray();
    }

    /// Empty for bytes that are no such record.
    static Optional<UploadRecord> decode(byte[] bytes) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            if (in.readUnsignedByte() != FORMAT) {
                return Optional.empty();
            }
            ClientId owner = new ClientId(uuid(in));
            RequestId request = new RequestId(uuid(in));
            long created = in.readLong();
            Target target = new Target(
                    new SpaceName(in.readUTF()),
                    new FilePath(in.readUTF()),
                    Kind.of(in.readUnsignedByte()),
                    in.readLong(),
                    in.readBoolean(),
                    in.readInt(),
                    condition(in),
                    request,
                    digest(in),
                    length(in));
            Optional<BlobId> id = digest(in);
            Optional<Sealed> sealed =
                    id.isEmpty() ? Optional.empty() : Optional.of(new Sealed(id.get(), in.readLong()));
            return Optional.of(new UploadRecord(owner, target, created, sealed));
        } catch (IOException | RefusedException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static void write(DataOutputStream out, UUID uuid) throws IOException {
        out.writeLong(uuid.getMostSignificantBits());
        out.writeLong(uuid.getLeastSignificantBits());
    }

    private static UUID uuid(DataInputStream in) throws IOException {
        return new UUID(in.readLong(), in.readLong());
    }

    private static void write(DataOutputStream out, Condition condition) throws IOException {
        switch (condition) {
            case Condition.Any _ -> {
                out.writeByte(0);
                out.writeLong(0);
            }
            case Condition.Absent _ -> {
                out.writeByte(1);
                out.writeLong(0);
            }
            case Condition.Present _ -> {
                out.writeByte(2);
                out.writeLong(0);
            }
            case Condition.At(Version version) -> {
                out.writeByte(3);
                out.writeLong(version.number());
            }
        }
    }

    private static Condition condition(DataInputStream in) throws IOException {
        int tag = in.readUnsignedByte();
        long version = in.readLong();
        return switch (tag) {
            case 0 -> Condition.ANY;
            case 1 -> Condition.ABSENT;
            case 2 -> Condition.PRESENT;
            case 3 -> new Condition.At(new Version(version));
            default -> throw new IOException("no condition has the tag " + tag);
        };
    }

    private static void write(DataOutputStream out, Optional<BlobId> id) throws IOException {
        out.writeBoolean(id.isPresent());
        if (id.isPresent()) {
            out.write(id.get().toBytes());
        }
    }

    private static Optional<BlobId> digest(DataInputStream in) throws IOException {
        if (!in.readBoolean()) {
            return Optional.empty();
        }
        byte[] bytes = new byte[BlobId.BYTES];
        in.readFully(bytes);
        return Optional.of(BlobId.read(ByteBuffer.wrap(bytes)));
    }

    private static OptionalLong length(DataInputStream in) throws IOException {
        long length = in.readLong();
        return length < 0 ? OptionalLong.empty() : OptionalLong.of(length);
    }
}
