package acervo.http;

import acervo.depot.Depot;
import acervo.depot.Download;
import acervo.depot.Sums;
import acervo.model.FilePath;
import acervo.model.SpaceName;
import acervo.model.Version;
import acervo.wire.v1.PiecesReply;
import acervo.wire.v1.PiecesRequest;
import acervo.wire.v1.SumsReply;
import acervo.wire.v1.SumsRequest;
import com.google.protobuf.UnsafeByteOperations;
import java.util.List;

/// The methods of `acervo.v1` that say which parts a version is made of, each: check the arguments, ask once, render.
final class SumCalls {
    private final Depot depot;

    SumCalls(Depot depot) {
        this.depot = depot;
    }

    SumsReply sums(SumsRequest request, Call.Who who) {
        if (request.getFirst() < 0) {
            throw Refusals.invalid("first is the number of a block, or 0");
        }
        try (Download version = open(who, request.getSpace(), request.getPath(), request.getVersion())) {
            return SumsReply.newBuilder()
                    .setBlockBytes(Sums.BLOCK)
                    .setCrc32C(UnsafeByteOperations.unsafeWrap(Sums.ofBlocks(version, request.getFirst())))
                    .build();
        }
    }

    PiecesReply pieces(PiecesRequest request, Call.Who who) {
        List<Long> blocks = request.getBlocksList();
        if (blocks.size() > Sums.MOST_IN_PIECES) {
            throw Refusals.tooLarge("a list", Sums.MOST_IN_PIECES + " blocks");
        }
        try (Download version = open(who, request.getSpace(), request.getPath(), request.getVersion())) {
            if (!blocks.stream().allMatch(block -> Sums.isIn(version, block))) {
                throw Refusals.invalid("there is no such block");
            }
            return PiecesReply.newBuilder()
                    .setPieceBytes(Sums.PIECE)
                    .setSums(UnsafeByteOperations.unsafeWrap(Sums.ofPieces(version, blocks)))
                    .build();
        }
    }

    private Download open(Call.Who who, String space, String path, long version) {
        if (version <= 0) {
            throw Refusals.invalid("version is the number of the version that is meant");
        }
        return depot.open(who.client(), new SpaceName(space), new FilePath(path), new Version(version));
    }
}
