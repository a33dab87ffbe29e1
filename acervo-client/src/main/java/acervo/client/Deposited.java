package acervo.client;

import acervo.model.BlobId;
import acervo.model.FilePath;
import acervo.wire.v1.File;
import java.io.IOException;
import java.net.ProtocolException;

/// What the server acknowledged: it is on disk, under this version, with this content.
///
/// @param size in bytes
/// @param wanted copies wanted in total
/// @param verified copies that were written and checked
public record Deposited(RemoteFile file, long version, BlobId sha256, long size, int wanted, int verified) {
    /// Reads the answer to a deposit and compares what the server computed with what was sent.
    ///
    /// @throws LocalTroubleException when the digests differ
    static Deposited of(Response answer, RemoteFile file, BlobId sha256, long size) throws IOException {
        byte[] theirs = answer.digest();
        if (theirs != null && !BlobId.of(theirs).equals(sha256)) {
            throw differs(file, sha256, BlobId.of(theirs).toString());
        }
        int wanted = 0;
        int verified = 0;
        String replicas = answer.header("acervo-replicas");
        int slash = replicas == null ? -1 : replicas.indexOf('/');
        if (replicas != null && slash > 0) {
            try {
                wanted = Integer.parseInt(replicas.substring(0, slash));
                verified = Integer.parseInt(replicas.substring(slash + 1));
            } catch (NumberFormatException e) {
                throw new ProtocolException("Acervo-Replicas: " + FilePath.printable(replicas));
            }
        }
        return new Deposited(file, answer.version(), sha256, size, wanted, verified);
    }

    static Deposited of(File now, RemoteFile file, BlobId sha256, long size) {
        if (!now.getSha256().isEmpty() && !now.getSha256().equals(sha256.toString())) {
            throw differs(file, sha256, now.getSha256());
        }
        return new Deposited(file, now.getVersion(), sha256, size, now.getReplicas(), now.getVerified());
    }

    private static LocalTroubleException differs(RemoteFile file, BlobId ours, String theirs) {
        return new LocalTroubleException(
                LocalTrouble.Kind.DAMAGED, file.toString(), "SHA-256 " + ours + " / " + theirs);
    }
}
