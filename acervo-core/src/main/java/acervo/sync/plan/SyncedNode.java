package acervo.sync.plan;

import acervo.model.Content;
import acervo.model.FilePath;
import acervo.model.Kind;

/// What both sides agreed on last about one file, link or folder: the base of every comparison. It is written only
/// when the agreed state is durable on both sides, and may be forgotten at any time: then nothing is known to be
/// old, so that nothing is removed or replaced without keeping it.
///
/// @param localId the node on disk; 0 for a folder, which is known by its path alone
/// @param remoteId the row in the space; 0 for a folder
/// @param version the newest version that the space is known to have reached with this state; 0 for a folder
public record SyncedNode(long localId, long remoteId, FilePath path, long version, Content content) {
    public SyncedNode {
        boolean folder = content.kind() == Kind.FOLDER;
        if (path.isRoot() || folder != (localId == 0) || folder != (remoteId == 0) || folder != (version == 0)) {
            throw new IllegalArgumentException("nothing in step is at '" + path + "' with the ids " + localId + ", "
                    + remoteId + " at " + version);
        }
    }
}
