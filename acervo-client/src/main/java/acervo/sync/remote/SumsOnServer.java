package acervo.sync.remote;

import acervo.client.Transport;
import acervo.sync.plan.RemoteNode;
import acervo.wire.v1.PiecesReply;
import acervo.wire.v1.PiecesRequest;
import acervo.wire.v1.SumsReply;
import acervo.wire.v1.SumsRequest;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.util.List;

/// Asks the server for sums of the versions that it has. Any thread.
///
/// Every method throws [acervo.model.RefusedException] when the version is not there any more.
final class SumsOnServer implements Comparison.Remote {
    private final Transport transport;
    private final Part part;

    SumsOnServer(Transport transport, Part part) {
        this.transport = transport;
        this.part = part;
    }

    @Override
    public int[] blocks(RemoteNode version) throws ProtocolException {
        int count = Math.toIntExact(Comparison.blocks(version.content().size()));
        int[] sums = new int[count];
        for (int done = 0; done < count; ) {
            SumsRequest request = SumsRequest.newBuilder()
                    .setSpace(part.space().text())
                    .setPath(part.outer(version.path()).text())
                    .setVersion(version.version().number())
                    .setFirst(done)
                    .build();
            SumsReply reply = transport.call("Sums", request, SumsReply.parser());
            ByteBuffer some = reply.getCrc32C().asReadOnlyByteBuffer();
            int came = some.remaining() / Integer.BYTES;
            if (reply.getBlockBytes() != Comparison.BLOCK || came == 0 || came > count - done) {
                throw new ProtocolException("the server's sums of " + version.path() + " do not fit");
            }
            some.asIntBuffer().get(sums, done, came);
            done += came;
        }
        return sums;
    }

    @Override
    public ByteBuffer pieces(RemoteNode version, List<Long> blocks) throws ProtocolException {
        PiecesRequest request = PiecesRequest.newBuilder()
                .setSpace(part.space().text())
                .setPath(part.outer(version.path()).text())
                .setVersion(version.version().number())
                .addAllBlocks(blocks)
                .build();
        PiecesReply reply = transport.call("Pieces", request, PiecesReply.parser());
        if (reply.getPieceBytes() != Comparison.PIECE) {
            throw new ProtocolException("the server's pieces of " + version.path() + " do not fit");
        }
        return reply.getSums().asReadOnlyByteBuffer();
    }
}
