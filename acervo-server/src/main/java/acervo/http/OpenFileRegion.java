package acervo.http;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/// A piece of a file that stays open when the piece was sent: others of the same file follow.
final class OpenFileRegion extends DefaultFileRegion {
    OpenFileRegion(FileChannel file, long offset, long length) {
        super(file, offset, length);
    }

    @Override
    protected void deallocate() {
        // Whoever opened the file closes it.
    }
}
